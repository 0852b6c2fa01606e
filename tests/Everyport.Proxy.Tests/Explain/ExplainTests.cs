using Everyport.Proxy.Explain;
using Everyport.Proxy.Tests.Configuration;

namespace Everyport.Proxy.Tests.Explain;

/// <summary>What is told, and in which words.</summary>
public class ExplainTests
{
    private const string Configuration =
        """
        {
          "Steering": {
            "Rules": {
              "edge": { "Prefixes": ["198.51.100.0/24"] },
              "ssh":  { "Prefixes": ["198.51.100.0/24"], "Ports": "22", "Protocols": "tcp", "Action": "Pass" },
              "wide": { "Prefixes": ["198.51.0.0/16"] },
              "dark": { "Prefixes": ["198.51.100.66"], "Action": "Drop" },
              "mail": { "Prefixes": ["198.51.100.25"], "Ports": "25", "Action": "Service", "Service": "postfix" }
            },
            "DenySources": ["203.0.113.0/24"]
          },
          "ReverseProxy": {
            "Routes": {
              "web":  { "ClusterId": "web", "Match": { "Path": "{**rest}", "Ports": "80,443" } },
              "api":  { "ClusterId": "api", "Match": { "Path": "/api/{**rest}", "Ports": "80,443" } },
              "beta": { "ClusterId": "api", "Match": { "Path": "{**rest}", "Ports": "8081", "Headers": [{ "Name": "X-Stage", "Values": ["beta"] }, { "Name": "X-User", "Mode": "Exists" }] } },
              "post": { "ClusterId": "api", "Match": { "Path": "/form", "Methods": ["POST"], "Ports": "8080" } }
            },
            "Clusters": {
              "web": { "Destinations": { "a": { "Address": "http://10.0.0.5:{port}/" } } },
              "api": { "Destinations": { "a": { "Address": "http://10.0.0.6/" } } },
              "pg":  { "Destinations": { "a": { "Address": "tcp://10.0.0.6:5432" }, "b": { "Address": "tls://10.0.0.8:{port}" } } },
              "dns": { "Destinations": { "a": { "Address": "udp://10.0.0.7:{port}" } } }
            }
          },
          "Streams": {
            "pg":    { "ClusterId": "pg",  "Match": { "Ports": "5432" } },
            "named": { "ClusterId": "pg",  "Match": { "Sni": ["x.example.com", "*.y.example.com"] } },
            "inner": { "ClusterId": "pg",  "Match": { "Ports": "5000-6000", "Sources": ["10.0.0.0/8"] } },
            "rest":  { "ClusterId": "pg",  "Match": { "Protocol": "tcp" } },
            "dns":   { "ClusterId": "dns", "Match": { "Protocol": "udp", "Ports": "53" } }
          },
          "ProxyProtocol": { "balancer": { "Addresses": ["198.51.100.99"], "Sources": ["10.0.0.0/8"] } }
        }
        """;

    [Fact]
    public void A_stream_that_is_certain_is_told_with_what_it_goes_before()
    {
        var explanation = Ask("tcp", "198.51.100.7:5432");
        Assert.Equal((ExplainedOutcome.Stream, "edge", "pg", "pg"), (explanation.Outcome, explanation.Rule, explanation.Route, explanation.Cluster));
        Assert.Equal(
            [
                "The rule 'edge' (198.51.100.0/24, ports *) decides: it goes to the proxy. It goes before the rule 'wide' (198.51.0.0/16, ports *), as its prefix is longer.",
                "There are routes only for clients of 10.0.0.0/8; what follows is for another client, unless a source is given.",
                "The stream 'pg' takes it (ports 5432). It goes before the stream 'rest', as a stream for everything comes last.",
                "The cluster 'pg' has a (tcp://10.0.0.6:5432), b (tls://10.0.0.8:5432).",
            ],
            explanation.Steps);
    }

    [Theory]
    [InlineData("tcp", "198.51.100.7:22", "Pass", "ssh", "It goes before the rule 'edge' (198.51.100.0/24, ports *), as its ports are narrower.")]
    [InlineData("tcp", "198.51.100.66:22", "Drop", "dark", "it refuses it")]
    [InlineData("udp", "198.51.100.66:53", "Drop", "dark", "it refuses it")]
    [InlineData("tcp", "198.51.100.25:25", "Service", "mail", "it goes to the service 'postfix'")]
    [InlineData("tcp", "192.0.2.1:25", "NoRule", null, "the kernel looks for a socket as it always does")]
    [InlineData("tcp", "127.0.0.1:9464", "Pass", "own: Admin:Listen", "The guard rail for Admin:Listen decides")]
    public void Steering_ends_it(string protocol, string destination, string outcome, string? rule, string said)
    {
        var explanation = Ask(protocol, destination);
        Assert.Equal((outcome, rule), (explanation.Outcome.ToString(), explanation.Rule));
        Assert.Contains(said, Assert.Single(explanation.Steps), StringComparison.Ordinal);
    }

    [Fact]
    public void A_denied_source_is_refused_before_any_rule() =>
        Assert.Equal(ExplainedOutcome.Denied, Ask("tcp", "127.0.0.1:9464", question => question with { Source = "203.0.113.4" }).Outcome);

    [Theory]
    [InlineData("198.51.100.7:5500", null, "FirstBytesDecide", null)]
    [InlineData("198.51.100.7:5500", "10.1.1.1", "Stream", "inner")]
    [InlineData("198.51.100.99:5500", null, "ProxyHeaderMissing", null)]
    [InlineData("198.51.100.99:5500", "10.1.1.1", "Stream", "inner")]
    public void The_client_counts(string destination, string? source, string outcome, string? route)
    {
        var explanation = Ask("tcp", destination, question => question with { Source = source });
        Assert.Equal((outcome, route), (explanation.Outcome.ToString(), explanation.Route));
    }

    [Fact]
    public void What_is_left_open_is_told_case_by_case()
    {
        var explanation = Ask("tcp", "198.51.100.7:443");
        Assert.Equal(ExplainedOutcome.FirstBytesDecide, explanation.Outcome);
        Assert.Equal(
            [
                "TLS for x.example.com: Stream named", "TLS for *.y.example.com: Stream named", "TLS for another name: Stream rest", "TLS without a name: Stream rest",
                "HTTP without TLS: Http ", "anything else, and a client that waits for the server: Stream rest",
            ],
            explanation.Cases!.Select(open => $"{open.When}: {open.Outcome} {open.Route}"));
    }

    [Theory]
    [InlineData("a.y.example.com", "named")]
    [InlineData("y.example.com", "rest")]
    [InlineData("X.Example.com.", "named")]
    public void A_name_decides(string sni, string route) => Assert.Equal(route, Ask("tcp", "198.51.100.7:443", question => question with { Sni = sni }).Route);

    [Theory]
    [InlineData("/", "GET", "Http", "web", "http://10.0.0.5:80/")]
    [InlineData("/api/x?y=1", "GET", "Http", "api", "http://10.0.0.6/")]
    [InlineData("/public/..%2fapi/x", "GET", "HttpError", null, null)]
    public void A_request_decides(string path, string method, string outcome, string? route, string? address)
    {
        var explanation = Ask("tcp", "198.51.100.7:80", question => question with { Path = path, Method = method });
        Assert.Equal((outcome, route, address), (explanation.Outcome.ToString(), explanation.Route, explanation.Destinations?[0].Address));
    }

    [Theory]
    [InlineData("/form", "POST", null)]
    [InlineData("/form", "GET", 405)]
    [InlineData("/other", "GET", 404)]
    public void A_request_that_no_route_takes_is_answered_with_a_status(string path, string method, int? status) =>
        Assert.Equal(status, Ask("tcp", "198.51.100.7:8080", question => question with { Path = path, Method = method }).Status);

    [Theory]
    [InlineData("beta", "x-stage: beta", "X-User: a")]
    [InlineData(null, "X-Stage: alpha", "X-User: a")]
    [InlineData(null, "X-Stage: beta")]
    public void Headers_decide(string? route, params string[] headers) =>
        Assert.Equal(route, Ask("tcp", "198.51.100.7:8081", question => question with { Headers = headers }).Route);

    [Theory]
    [InlineData("X-Stage", "'X-Stage' is not a header such as 'X-Version: 2'.")]
    [InlineData(": beta", "': beta' is not a header such as 'X-Version: 2'.")]
    [InlineData("X Stage: beta", "'X Stage: beta' is not a header such as 'X-Version: 2'.")]
    [InlineData("host: a", "'host: a' is not taken as a header: the host of a request is asked for by itself.")]
    public void A_header_that_is_none_is_refused(string header, string expected)
    {
        Assert.False(QuestionParser.TryParse(new("tcp", "198.51.100.7:80") { Headers = ["X-Good: 1", header] }, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_route_is_told_with_those_that_would_take_the_request_as_well() =>
        Assert.Contains(
            "The HTTP route 'api' takes the request (path /api/{**rest}). It goes before the HTTP route 'web', as it asks for more of the request.",
            Ask("tcp", "198.51.100.7:80", question => question with { Path = "/api/x" }).Steps);

    [Theory]
    [InlineData("icmp", "198.51.100.7:1", "'icmp' is not a protocol; expected 'tcp' or 'udp'.")]
    [InlineData("tcp", "198.51.100.7", "'198.51.100.7' is not a destination such as '198.51.100.7:443' or '[2001:db8::7]:443'.")]
    [InlineData("tcp", "[2001:db8::1]:1", "The client 10.0.0.1 cannot dial [2001:db8::1]:1: one is IPv4, the other IPv6.")]
    public void A_question_that_makes_no_sense_is_refused(string protocol, string destination, string expected)
    {
        Assert.False(QuestionParser.TryParse(new(protocol, destination) { Source = "10.0.0.1" }, out _, out var error));
        Assert.Equal(expected, error);
    }

    private static Explanation Ask(string protocol, string destination, Func<QuestionParser.Texts, QuestionParser.Texts>? more = null)
    {
        var texts = new QuestionParser.Texts(protocol, destination);
        Assert.True(QuestionParser.TryParse(more?.Invoke(texts) ?? texts, out var question, out var error), error);
        using var explainer = Explainer.Offline(Configurations.Read(Configuration));
        var explanation = explainer.Explain(question!);
        Assert.EndsWith(".", ExplanationText.Of(explanation), StringComparison.Ordinal);
        return explanation;
    }
}
