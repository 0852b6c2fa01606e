using Everyport.Proxy.Tests.Tls;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>Routes between which nothing decides are errors.</summary>
public class RouteConflictTests
{
    private const string Clusters =
        """
        "Clusters": {
          "a": { "Destinations": { "a": { "Address": "tcp://10.0.0.5:80" } } },
          "b": { "Destinations": { "a": { "Address": "tcp://10.0.0.6:80" } } },
          "u": { "Destinations": { "a": { "Address": "udp://10.0.0.6:80" } } },
          "v": { "Destinations": { "a": { "Address": "udp://10.0.0.7:80" } } },
          "web": { "Destinations": { "a": { "Address": "http://10.0.0.5/" } } }
        }
        """;

    [Fact]
    public void Two_streams_that_tie_are_both_named() => AssertErrors(
        Streams(
            """
            "one": { "ClusterId": "a", "Match": { "Ports": "80-89,443", "Addresses": ["192.0.2.0/24", "198.51.100.0/24"] } },
            "two": { "ClusterId": "b", "Match": { "Ports": "85-94", "Addresses": ["198.51.100.0/24"] } },
            "three": { "ClusterId": "a", "Match": { "Sni": ["a.example.com", "b.example.com"], "Sources": ["10.0.0.0/8"] } },
            "zero": { "ClusterId": "b", "Match": { "Sni": ["b.example.com"], "Sources": ["10.0.0.0/8", "11.0.0.0/8"] } },
            "dns": { "ClusterId": "u", "Match": { "Protocol": "udp" } },
            "ntp": { "ClusterId": "v", "Match": { "Protocol": "udp" } }
            """),
        "Streams:two: matches 198.51.100.0/24, ports 85-94 with the same precedence as the stream 'one'; give one of them another Order, or narrow its Match",
        "Streams:zero: matches every address, ports *, the server name 'b.example.com', the source 10.0.0.0/8 with the same precedence as the stream 'three'; give one of them another Order, or narrow its Match",
        "Streams:ntp: matches every address, ports * with the same precedence as the stream 'dns'; give one of them another Order, or narrow its Match");

    [Fact]
    public void Two_catch_alls_tie_unless_their_order_or_sources_differ()
    {
        AssertErrors(
            Streams(""" "rest": { "ClusterId": "a" }, "more": { "ClusterId": "b" } """),
            "Streams:rest: matches every address, ports * with the same precedence as the stream 'more'; give one of them another Order, or narrow its Match");
        Read(Streams(""" "rest": { "ClusterId": "a" }, "more": { "ClusterId": "b", "Order": 1 }, "near": { "ClusterId": "b", "Match": { "Sources": "10.0.0.0/8" } } """));
    }

    [Fact]
    public void What_a_name_a_protocol_or_a_kind_tells_apart_is_no_tie() => Read(Streams(
        """
        "http2": { "ClusterId": "a", "Match": { "Ports": "443", "Alpn": "h2" } },
        "http1": { "ClusterId": "b", "Match": { "Ports": "443", "Alpn": "http/1.1" } },
        "named": { "ClusterId": "a", "Match": { "Ports": "443", "Sni": "a.example.com" } },
        "below": { "ClusterId": "b", "Match": { "Ports": "443", "Sni": "*.example.com" } },
        "plain": { "ClusterId": "b", "Match": { "Ports": "443" } },
        "quic": { "ClusterId": "u", "Match": { "Protocol": "udp", "Ports": "443" } }
        """));

    [Fact]
    public void Whether_TLS_passes_or_ends_here_is_no_precedence_among_those_that_ask_for_it()
    {
        using var directory = new TemporaryDirectory();
        var certificate = directory.Write("a.pem", SomeCertificates.PemOf(SomeCertificates.SelfSigned(["a.example.com"])));
        AssertErrors(
            $$"""
            {
              "Tls": { "Certificates": { "a": { "Path": "{{certificate}}" } } },
              "ReverseProxy": { {{Clusters}} },
              "Streams": {
                "named": { "ClusterId": "a", "Match": { "Ports": "1", "Sni": "a.example.com" } },
                "ended": { "ClusterId": "a", "Tls": "Terminate", "Match": { "Ports": "1", "Sni": "a.example.com" } },
                "plain": { "ClusterId": "a", "Match": { "Ports": "2" } },
                "inside": { "ClusterId": "a", "Tls": "Terminate", "Match": { "Ports": "2" } }
              }
            }
            """,
            "Streams:named: matches every address, ports 1, the server name 'a.example.com' with the same precedence as the stream 'ended'; give one of them another Order, or narrow its Match");
    }

    [Fact]
    public void Streams_that_do_the_same_may_tie()
    {
        Read(Streams(""" "one": { "ClusterId": "a", "Match": { "Ports": "80" } }, "two": { "ClusterId": "A", "Match": { "Ports": "80" } } """));
        AssertErrors(
            Streams(""" "one": { "ClusterId": "a", "Match": { "Ports": "80" } }, "two": { "ClusterId": "a", "ProxyProtocol": "v2", "Match": { "Ports": "80" } } """),
            "Streams:two: matches every address, ports 80 with the same precedence as the stream 'one'; give one of them another Order, or narrow its Match");
    }

    [Theory]
    [InlineData(""" "Path": "/a" """, """ "Path": "/A/" """)]
    [InlineData(""" "Path": "/{**rest}" """, """ "Path": "{**all}" """)]
    [InlineData(""" "Path": "/{id:int}" """, """ "Path": "/{number:int}" """)]
    [InlineData(""" "Hosts": ["a.example.com"] """, """ "Hosts": ["b.example.com", "A.example.com"] """)]
    [InlineData(""" "Path": "/", "Methods": ["GET", "PUT"] """, """ "Path": "/", "Methods": ["put"] """)]
    [InlineData(""" "Path": "/", "Headers": [{ "Name": "x", "Values": ["1"] }] """, """ "Path": "/", "Headers": [{ "Name": "X", "Values": ["1"] }] """)]
    [InlineData(""" "Path": "/", "QueryParameters": [{ "Name": "x", "Values": ["1", "2"] }] """, """ "Path": "/", "QueryParameters": [{ "Name": "x", "Values": ["2", "1"] }] """)]
    [InlineData(""" "Path": "/", "Ports": "80-90", "Addresses": ["192.0.2.0/24"] """, """ "Path": "/", "Ports": "90-100", "Addresses": ["::/0", "192.0.2.0/24"] """)]
    [InlineData(""" "Path": "/", "Sources": ["10.0.0.0/8"] """, """ "Path": "/", "Sources": ["10.0.0.0/8", "11.0.0.0/8"] """)]
    [InlineData(""" "Path": "/", "Headers": [{ "Name": "x", "Mode": "Exists" }] """, """ "Path": "/", "Headers": [{ "Name": "y", "Mode": "Exists" }] """)]
    [InlineData(""" "Path": "/", "Headers": [{ "Name": "x", "Values": ["ab"] }] """, """ "Path": "/", "Headers": [{ "Name": "x", "Mode": "HeaderPrefix", "Values": ["A"] }] """)]
    [InlineData(""" "Path": "/", "QueryParameters": [{ "Name": "x", "Mode": "Contains", "Values": ["1"] }] """, """ "Path": "/", "QueryParameters": [{ "Name": "x", "Mode": "Exists" }] """)]
    [InlineData(""" "Hosts": ["*.example.com"] """, """ "Hosts": ["*.Example.com", "b.example.com"] """)]
    public void Two_HTTP_routes_that_tie_are_both_named(string one, string two) => AssertErrors(
        Routes(one, two),
        "ReverseProxy:Routes:two: matches the same requests as the route 'one' with the same precedence; give one of them another Order, or narrow its Match");

    [Theory]
    [InlineData(""" "Path": "/a" """, """ "Path": "/b" """)]
    [InlineData(""" "Path": "/{**rest}" """, """ "Path": "/{rest}" """)]
    [InlineData(""" "Path": "/{id:int}" """, """ "Path": "/{id:guid}" """)]
    [InlineData(""" "Path": "/", "Hosts": ["a.example.com"] """, """ "Path": "/" """)]
    [InlineData(""" "Path": "/", "Methods": ["GET"] """, """ "Path": "/", "Methods": ["PUT"] """)]
    [InlineData(""" "Path": "/", "Headers": [{ "Name": "x", "Values": ["1"] }] """, """ "Path": "/", "Headers": [{ "Name": "x", "Values": ["2"] }] """)]
    [InlineData(""" "Path": "/", "Ports": "80-90" """, """ "Path": "/", "Ports": "91-101" """)]
    [InlineData(""" "Path": "/", "Ports": "80-90" """, """ "Path": "/", "Ports": "80" """)]
    [InlineData(""" "Path": "/", "Addresses": ["192.0.2.0/24"] """, """ "Path": "/", "Addresses": ["192.0.2.0/25"] """)]
    [InlineData(""" "Path": "/", "Sources": ["10.0.0.0/8"] """, """ "Path": "/" """)]
    [InlineData(""" "Path": "/", "Headers": [{ "Name": "x", "Mode": "Exists" }] """, """ "Path": "/", "Headers": [{ "Name": "x", "Mode": "NotExists" }] """)]
    [InlineData(""" "Path": "/", "Headers": [{ "Name": "x", "Values": ["ab"] }] """, """ "Path": "/", "Headers": [{ "Name": "x", "Mode": "HeaderPrefix", "Values": ["b"] }] """)]
    [InlineData(""" "Path": "/", "Headers": [{ "Name": "x", "Mode": "Contains", "Values": ["ab"] }] """, """ "Path": "/", "Headers": [{ "Name": "x", "Mode": "NotContains", "Values": ["a"] }] """)]
    [InlineData(""" "Path": "/", "Headers": [{ "Name": "x", "Mode": "Exists" }] """, """ "Path": "/", "Headers": [{ "Name": "x", "Mode": "Exists" }, { "Name": "y", "Mode": "Exists" }] """)]
    [InlineData(""" "Hosts": ["*.example.com"] """, """ "Hosts": ["*.a.example.com", "b.example.com"] """)]
    public void Two_HTTP_routes_that_differ_are_no_tie(string one, string two) => Assert.Equal(2, Read(Routes(one, two)).Http.Routes.Count);

    private static string Streams(string streams) => $$"""{ "ReverseProxy": { {{Clusters}} }, "Streams": { {{streams}} } }""";

    private static string Routes(string one, string two) =>
        $$"""
        {
          "ReverseProxy": {
            {{Clusters}},
            "Routes": { "one": { "ClusterId": "web", "Match": { {{one}} } }, "two": { "ClusterId": "web", "Match": { {{two}} } } }
          }
        }
        """;
}
