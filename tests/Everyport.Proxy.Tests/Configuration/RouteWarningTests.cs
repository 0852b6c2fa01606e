using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>Routes that can never match are told, but stop nothing.</summary>
public class RouteWarningTests
{
    [Fact]
    public void A_route_hidden_by_streams_is_told_with_them() => AssertWarnings(
        """
        "web": { "ClusterId": "web", "Match": { "Path": "/", "Ports": "80,443" } },
        "near": { "ClusterId": "web", "Match": { "Path": "/", "Ports": "80", "Sources": "10.0.0.0/8" } },
        "part": { "ClusterId": "web", "Match": { "Path": "/", "Ports": "79-80" } },
        "all": { "ClusterId": "web", "Match": { "Path": "{**rest}" } }
        """,
        """
        "http": { "ClusterId": "tcp", "Match": { "Ports": "80" } },
        "https": { "ClusterId": "tcp", "Match": { "Ports": "443" } },
        "early": { "ClusterId": "tcp", "Order": -1, "Match": { "Ports": "1000-1999", "Addresses": ["192.0.2.0/24"] } },
        "late": { "ClusterId": "tcp", "Match": { "Ports": "1500", "Addresses": ["192.0.2.7/32", "192.0.2.9/32"], "Sni": "a.example.com" } },
        "wider": { "ClusterId": "tcp", "Match": { "Ports": "1500", "Addresses": ["192.0.0.0/16"] } },
        "rest": { "ClusterId": "tcp" }
        """,
        "Streams:late: can never match, as the stream 'early' goes before it and takes all that it matches",
        "ReverseProxy:Routes:web: can never match, as the stream 'http' and the stream 'https' go before it and take all that it matches");

    [Fact]
    public void A_stream_that_asks_for_TLS_only_hides_others_that_do() => AssertWarnings(
        """ "web": { "ClusterId": "web", "Match": { "Path": "/", "Ports": "443" } } """,
        """
        "below": { "ClusterId": "tcp", "Order": -1, "Match": { "Ports": "443", "Sni": "*.example.com" } },
        "h2": { "ClusterId": "tcp", "Order": -1, "Match": { "Ports": "443", "Alpn": "h2" } },
        "hidden": { "ClusterId": "tcp", "Match": { "Ports": "443", "Sni": ["a.example.com", "*.b.example.com"] } },
        "hidden2": { "ClusterId": "tcp", "Match": { "Ports": "443", "Sni": "b.example.org", "Alpn": "h2" } },
        "seen": { "ClusterId": "tcp", "Match": { "Ports": "443", "Sni": ["a.example.com", "example.com"] } },
        "seen2": { "ClusterId": "tcp", "Match": { "Ports": "443", "Sni": "c.example.org", "Alpn": ["h2", "h3"] } }
        """,
        "Streams:hidden: can never match, as the stream 'below' goes before it and takes all that it matches",
        "Streams:hidden2: can never match, as the stream 'h2' goes before it and takes all that it matches");

    [Fact]
    public void A_catch_all_behind_a_stream_for_every_port_is_hidden() => AssertWarnings(
        "",
        """ "ports": { "ClusterId": "tcp", "Match": { "Ports": "1-65535" } }, "rest": { "ClusterId": "tcp" }, "dns": { "ClusterId": "udp", "Match": { "Protocol": "udp" } } """,
        "Streams:rest: can never match, as the stream 'ports' goes before it and takes all that it matches");

    [Fact]
    public void An_HTTP_route_that_others_hide_is_told() => AssertWarnings(
        """
        "all": { "ClusterId": "web", "Match": { "Path": "/{**rest}", "Ports": "8000-8999" }, "Order": -1 },
        "hidden": { "ClusterId": "web", "Match": { "Path": "/a", "Ports": "8080" } },
        "named": { "ClusterId": "web", "Match": { "Path": "/b", "Ports": "9000" } },
        "same": { "ClusterId": "web", "Match": { "Path": "/B/", "Ports": "9000" }, "Order": 1 },
        "other": { "ClusterId": "web", "Match": { "Path": "/c", "Ports": "9000" }, "Order": 1 },
        "narrow": { "ClusterId": "web", "Match": { "Path": "/{**rest}", "Ports": "9000" }, "Order": 2 },
        "wide": { "ClusterId": "web", "Match": { "Path": "/d" } }
        """,
        "",
        "ReverseProxy:Routes:hidden: can never match, as the route 'all' goes before it and takes all that it matches",
        "ReverseProxy:Routes:same: can never match, as the route 'named' goes before it and takes all that it matches");

    [Fact]
    public void A_route_to_which_nothing_is_steered_is_told()
    {
        const string NotSteered = "can never match, as no rule of Steering:Rules steers its addresses and ports to the proxy";
        AssertWarnings(
            """
            "elsewhere": { "ClusterId": "web", "Match": { "Path": "/", "Addresses": ["203.0.113.0/24"] } },
            "here": { "ClusterId": "web", "Match": { "Path": "/here", "Addresses": ["192.0.2.0/24", "203.0.113.0/24"] } }
            """,
            """
            "ssh": { "ClusterId": "tcp", "Match": { "Ports": "22" } },
            "ssh2": { "ClusterId": "tcp", "Match": { "Ports": "22,2222" } },
            "ssh3": { "ClusterId": "tcp", "Match": { "Ports": "20-22" } },
            "udp": { "ClusterId": "udp", "Match": { "Protocol": "udp", "Ports": "22" } },
            "dark": { "ClusterId": "tcp", "Match": { "Addresses": ["192.0.2.66/32"] } },
            "wide": { "ClusterId": "tcp", "Match": { "Addresses": ["192.0.0.0/8"] } },
            "v6": { "ClusterId": "tcp", "Match": { "Addresses": ["::/0"] } }
            """,
            $"Streams:ssh: {NotSteered}",
            $"Streams:dark: {NotSteered}",
            $"Streams:v6: {NotSteered}",
            $"ReverseProxy:Routes:elsewhere: {NotSteered}");
    }

    [Fact]
    public void Without_a_rule_for_the_proxy_one_warning_is_enough() => Assert.Equal(
        ["Steering:Rules: no rule steers anything to the proxy, so that no route can ever match"],
        Read("""{ "ReverseProxy": { "Clusters": { "tcp": { "Destinations": { "a": { "Address": "tcp://10.0.0.6:80" } } } } }, "Streams": { "a": { "ClusterId": "tcp" }, "b": { "ClusterId": "tcp", "Match": { "Ports": "80" } } } }""").Warnings);

    [Fact]
    public void Nothing_at_all_is_nothing_to_warn_of() => Assert.Empty(Read("{ }").Warnings);

    private static void AssertWarnings(string routes, string streams, params IEnumerable<string> expected) => Assert.Equal(
        expected.Order(StringComparer.Ordinal),
        Read(
            $$"""
            {
              "Steering": {
                "Rules": {
                  "edge": { "Prefixes": ["192.0.2.0/24"] },
                  "ssh": { "Prefixes": ["192.0.2.0/24"], "Ports": "22", "Protocols": ["tcp"], "Action": "Pass" },
                  "dark": { "Prefixes": ["192.0.2.64/26"], "Action": "Drop" }
                }
              },
              "ReverseProxy": {
                "Routes": { {{routes}} },
                "Clusters": {
                  "tcp": { "Destinations": { "a": { "Address": "tcp://10.0.0.6:80" } } },
                  "udp": { "Destinations": { "a": { "Address": "udp://10.0.0.6:80" } } },
                  "web": { "Destinations": { "a": { "Address": "http://10.0.0.5/" } } }
                }
              },
              "Streams": { {{streams}} }
            }
            """).Warnings.Order(StringComparer.Ordinal));
}
