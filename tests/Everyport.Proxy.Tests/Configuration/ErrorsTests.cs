using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>What is said about wrong values and keys outside of <c>ReverseProxy</c>.</summary>
public class ErrorsTests
{
    [Fact]
    public void Every_error_is_told_at_once_with_its_path_its_value_and_the_nearest_key() => AssertErrors(
        """
        {
          "Steering": {
            "Rules": {
              "a": { "Prefixes": ["192.0.2.0/24", "10.0.0.1/8"], "Ports": "70000" },
              "b": { "Prefixes": ["10.0.0.0/8"], "Ports": "90-80", "Protocols": "sctp", "Action": "Forward" },
              "c": { "Prefix": "10.0.0.0/8" }
            },
            "LocalRoutes": "maybe",
            "LocalRoute": true
          },
          "Limits": { "MaxConnections": 0, "SniffTimeout": "5", "MaxFlow": 1 },
          "Admin": { "Listen": "9464", "Port": 1 },
          "Demo": { "Http": "127.0.0.1", "Htp": "127.0.0.1:1" },
          "Steerng": { "Rules": { } , "x": 1 }
        }
        """,
        "Steering:Rules:a:Prefixes:1: '10.0.0.1/8' has bits set beyond its length; write '10.0.0.0/8', or '10.0.0.1/32' for the one address",
        "Steering:Rules:a:Ports: '70000' is not a port; ports go from 1 to 65535",
        "Steering:Rules:b:Protocols:0: 'sctp' is not a protocol; expected 'tcp' or 'udp'",
        "Steering:Rules:b:Ports: '90-80' is an empty range; write '80-90'",
        "Steering:Rules:b:Action: 'Forward' is not an action; expected 'Proxy', 'Service', 'Pass' or 'Drop'",
        "Steering:Rules:c:Prefixes: is missing; a rule needs at least one prefix such as '198.51.100.0/24'",
        "Steering:Rules:c:Prefix: is an unknown key; did you mean 'Prefixes'?",
        "Steering:LocalRoutes: 'maybe' is neither 'true' nor 'false'",
        "Steering:LocalRoute: is an unknown key; did you mean 'LocalRoutes'?",
        "Limits:MaxConnections: '0' is not a number from 1 to 2147483647",
        "Limits:SniffTimeout: '5' is not a time span above zero and up to one day, such as '00:00:03'",
        "Limits:MaxFlow: is an unknown key; did you mean 'MaxFlows'?",
        "Admin:Listen: '9464' is not an address with a port, such as '127.0.0.1:9464' or '[::1]:9464'",
        "Admin:Port: is an unknown key; expected 'AllowAnonymous', 'Certificate', 'Hosts', 'Listen', 'Token', 'TokenPath'",
        "Demo:Http: '127.0.0.1' is not an address with a port, such as '127.0.0.1:9464' or '[::1]:9464'",
        "Demo:Htp: is an unknown key; did you mean 'Http'?",
        "Steerng: is an unknown key; did you mean 'Steering'?");

    [Theory]
    [InlineData("60.00:00:00")] // more than a timer takes
    [InlineData("1.00:00:01")]
    [InlineData("00:00:00")]
    [InlineData("-00:00:01")]
    public void A_time_span_out_of_bounds_is_an_error(string value) => AssertErrors(
        $$"""{ "Limits": { "SniffTimeout": "{{value}}" } }""",
        $"Limits:SniffTimeout: '{value}' is not a time span above zero and up to one day, such as '00:00:03'");

    [Fact]
    public void A_time_span_of_a_whole_day_is_accepted() =>
        Assert.Equal(TimeSpan.FromDays(1), Read("""{ "Limits": { "FlowIdleTimeout": "1.00:00:00" } }""").Limits.FlowIdleTimeout);

    [Fact]
    public void Rules_that_contradict_each_other_are_both_named() => AssertErrors(
        """
        { "Steering": { "Rules": {
          "edge": { "Prefixes": ["198.51.100.0/24"], "Ports": "25", "Protocols": ["tcp"] },
          "mail": { "Prefixes": ["198.51.100.0/24"], "Ports": "25", "Action": "Service", "Service": "postfix" }
        } } }
        """,
        "Steering:Rules: rules 'edge' (Proxy) and 'mail' (Service postfix) match TCP 198.51.100.0/24 ports 25 with equal precedence; "
            + "narrow the ports or the prefix of one of them");

    [Fact]
    public void A_mapped_prefix_comes_with_the_way_to_write_it() => AssertErrors(
        """{ "Steering": { "Rules": { "edge": { "Prefixes": ["::ffff:198.51.100.0/120"] } } } }""",
        "Steering:Rules:edge:Prefixes:0: '::ffff:198.51.100.0/120' is an IPv4-mapped prefix; write it as '198.51.100.0/24'");

    [Fact]
    public void A_value_where_a_section_belongs_is_not_passed_over() => AssertErrors(
        """
        {
          "Steering": { "Rules": "127.0.0.0/8" },
          "Limits": 5,
          "Admin": "127.0.0.1:9000",
          "Streams": { "mail": { "ClusterId": "mail", "Match": "tcp" } },
          "ReverseProxy": { "Routes": "web", "Clusters": { "mail": { "Destinations": { "a": { "Address": "tcp://10.0.0.6:25" } } } } }
        }
        """,
        "Steering:Rules: '127.0.0.0/8' is a single value; expected a section",
        "Limits: '5' is a single value; expected a section",
        "Admin: '127.0.0.1:9000' is a single value; expected a section",
        "Streams:mail:Match: 'tcp' is a single value; expected a section",
        "ReverseProxy:Routes: 'web' is a single value; expected a section");

    [Fact]
    public void A_section_where_a_value_belongs_is_not_passed_over() => AssertErrors(
        """{ "Admin": { "Listen": { "Address": "127.0.0.1", "Port": 9464 } }, "Steering": { "Rules": { "a": { "Prefixes": [{ "x": 1 }], "Ports": ["80"] } } } }""",
        "Admin:Listen: is a section; expected a single value",
        "Steering:Rules:a:Prefixes:0: is a section; expected a value",
        "Steering:Rules:a:Prefixes: is missing; a rule needs at least one prefix such as '198.51.100.0/24'",
        "Steering:Rules:a:Ports: is a section; expected a single value");
}
