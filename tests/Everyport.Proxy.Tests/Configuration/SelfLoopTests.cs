using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>Destinations that the rules would steer back to the proxy, as far as configuration can tell.</summary>
public class SelfLoopTests
{
    private const string Path = "ReverseProxy:Clusters:c:Destinations:a:Address", Edge = """ "edge": { "Prefixes": ["198.51.100.0/24", "2001:db8:7::/48"] } """;

    [Theory]
    [InlineData("tcp://198.51.100.5:25", "198.51.100.5:25", "198.51.100.5/32", "25")]
    [InlineData("tcp://[2001:db8:7::5]:25", "[2001:db8:7::5]:25", "2001:db8:7::5/128", "25")]
    [InlineData("tcp://198.51.100.5:{port}", "198.51.100.5:1", "198.51.100.5/32", "*")]
    public void A_literal_destination_of_a_stream_is_an_error_with_its_mend(string address, string dialled, string prefix, string ports) => AssertErrors(
        Stream(Edge, address), $"{Path}: '{address}' {Literal(dialled, prefix, ports)}");

    [Theory]
    [InlineData("http://198.51.100.5/", "198.51.100.5:80", "80")]
    [InlineData("https://198.51.100.5/a:b", "198.51.100.5:443", "443")]
    [InlineData("http://198.51.100.5:8080", "198.51.100.5:8080", "8080")]
    [InlineData("http://198.51.100.5:{port}/", "198.51.100.5:1", "*")]
    public void So_is_one_of_an_HTTP_route(string address, string dialled, string ports) => AssertErrors(
        Http(Edge, address), $"{Path}: '{address}' {Literal(dialled, "198.51.100.5/32", ports)}");

    [Theory]
    [InlineData("{address}:{port}", "198.51.100.0:1")]
    [InlineData("{address}:8080", "198.51.100.0:8080")]
    public void The_original_destination_is_steered_as_it_was_before(string address, string dialled)
    {
        var rest = $"would come back to the proxy: the rule 'edge' steers {dialled} to it, as it does with what arrives. Give another address, or a port that no rule steers; "
            + "the original address and port can only be dialled with \"Steering:LocalRoutes\": false and routes of your own that deliver here nothing but what comes from outside";
        AssertErrors(Stream(Edge, $"tcp://{address}"), $"{Path}: 'tcp://{address}' {rest}");
        AssertErrors(Http(Edge, $"http://{address}/"), $"{Path}: 'http://{address}/' {rest}");
    }

    [Theory]
    [InlineData("tcp://10.0.0.5:25")] // not steered
    [InlineData("tcp://example.com:25")] // a name: found at run time
    [InlineData("tcp://127.0.0.1:{port}")]
    public void Other_destinations_are_good(string address) => Read(Stream(Edge, address));

    [Fact]
    public void A_rule_that_passes_mends_it() =>
        Read(Stream(Edge + """, "back": { "Prefixes": ["198.51.100.5/32"], "Ports": "25", "Action": "Pass" } """, "tcp://198.51.100.5:25"));

    [Fact]
    public void What_is_steered_to_another_service_does_not_come_back() =>
        Read(Stream(Edge + """, "mail": { "Prefixes": ["198.51.100.5/32"], "Ports": "25", "Action": "Service", "Service": "postfix" } """, "tcp://198.51.100.5:25"));

    [Theory]
    [InlineData("443", "tcp://{address}:8443")]
    [InlineData("443", "tcp://198.51.100.5:8443")]
    public void Another_port_of_a_steered_address_is_good_where_no_rule_has_it(string ports, string address) =>
        Read(Stream($$""" "edge": { "Prefixes": ["198.51.100.0/24"], "Ports": "{{ports}}" } """, address));

    [Fact]
    public void Only_ports_that_a_route_takes_count()
    {
        const string Rules = """ "edge": { "Prefixes": ["198.51.100.0/24"] }, "back": { "Prefixes": ["198.51.100.5/32"], "Ports": "8000-8999", "Action": "Pass" } """;
        Read(Stream(Rules, "tcp://198.51.100.5:{port}", """ "Ports": "8080-8090" """));
        AssertErrors(
            Stream(Rules, "tcp://198.51.100.5:{port}", """ "Ports": "8080-9090" """),
            $"{Path}: 'tcp://198.51.100.5:{{port}}' {Literal("198.51.100.5:9000", "198.51.100.5/32", "*")}");
    }

    [Fact]
    public void Own_endpoints_are_never_steered()
    {
        const string Demo = """ , "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" } """;
        Read(Stream(""" "all": { "Prefixes": ["127.0.0.0/8"] } """, "tcp://127.0.0.1:9466", rest: Demo));
        AssertErrors(
            Stream(""" "edge": { "Prefixes": ["127.0.0.0/8"] } """, "tcp://127.0.0.1:9467", rest: Demo),
            $"{Path}: 'tcp://127.0.0.1:9467' {Literal("127.0.0.1:9467", "127.0.0.1/32", "9467")}");
    }

    [Fact]
    public void A_prefix_of_length_0_means_what_is_local_and_a_destination_may_be_elsewhere()
    {
        Read(Stream(""" "edge": { "Prefixes": ["0.0.0.0/0"] } """, "tcp://10.0.0.5:{port}"));
        AssertErrors(
            Stream(""" "edge": { "Prefixes": ["0.0.0.0/0"] } """, "tcp://127.0.0.1:25"),
            $"{Path}: 'tcp://127.0.0.1:25' {Literal("127.0.0.1:25", "127.0.0.1/32", "25")}");
    }

    [Fact]
    public void Without_local_routes_the_original_destination_may_be_on_another_machine() =>
        Read(Stream(Edge, "tcp://{address}:{port}", steering: """ "LocalRoutes": false, """));

    private static string Literal(string dialled, string prefix, string ports) =>
        $"would come back to the proxy: the rule 'edge' steers {dialled} to it. "
        + $"Add a rule with \"Prefixes\": [\"{prefix}\"], \"Ports\": \"{ports}\", \"Action\": \"Pass\", or give another address";

    private static string Stream(string rules, string address, string match = "", string steering = "", string rest = "") =>
        $$"""
        {
          "Steering": { {{steering}} "Rules": { {{rules}} } },
          "ReverseProxy": { "Clusters": { "c": { "Destinations": { "a": { "Address": "{{address}}" } } } } },
          "Streams": { "s": { "ClusterId": "c", "Match": { {{match}} } } }
          {{rest}}
        }
        """;

    private static string Http(string rules, string address) =>
        $$"""
        {
          "Steering": { "Rules": { {{rules}} } },
          "ReverseProxy": {
            "Routes": { "r": { "ClusterId": "c", "Match": { "Path": "{**rest}" } } },
            "Clusters": { "c": { "Destinations": { "a": { "Address": "{{address}}" } } } }
          }
        }
        """;
}
