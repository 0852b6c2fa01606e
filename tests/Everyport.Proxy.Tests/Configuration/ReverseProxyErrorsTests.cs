using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>What is said about wrong keys and values under <c>ReverseProxy</c>, where YARP itself says nothing or throws.</summary>
public class ReverseProxyErrorsTests
{
    [Fact]
    public void Unknown_keys_are_found_however_deep_they_are() => AssertErrors(
        """
        {
          "ReverseProxy": {
            "Route": { },
            "Routes": {
              "web": {
                "ClusterId": "web", "Orders": 1,
                "Match": { "Pth": "/", "Port": "80", "Headers": [{ "Name": "a", "Value": ["b"] }], "QueryParameters": [{ "Name": "a", "Modes": "Exact" }] }
              }
            },
            "Clusters": {
              "web": {
                "ClusterID": "x",
                "SessionAffinity": { "Cookie": { "HttpOny": true } },
                "HealthCheck": { "Active": { "Interva": "00:00:10" }, "Passiv": { "Enabled": true } },
                "HttpClient": { "WebProxy": { "Addres": "http://10.0.0.1/" } },
                "HttpRequest": { "Versio": "2" },
                "Destinations": { "a": { "Address": "http://10.0.0.5/", "Weight": 3 } }
              }
            }
          }
        }
        """,
        "ReverseProxy:Route: is an unknown key; did you mean 'Routes'?",
        "ReverseProxy:Routes:web:Orders: is an unknown key; did you mean 'Order'?",
        "ReverseProxy:Routes:web:Match:Pth: is an unknown key; did you mean 'Path'?",
        "ReverseProxy:Routes:web:Match:Port: is an unknown key; did you mean 'Ports'?",
        "ReverseProxy:Routes:web:Match:Headers:0:Value: is an unknown key; did you mean 'Values'?",
        "ReverseProxy:Routes:web:Match:QueryParameters:0:Modes: is an unknown key; did you mean 'Mode'?",
        "ReverseProxy:Clusters:web:ClusterID: is an unknown key; expected 'CircuitBreaker', 'Destinations', 'HealthCheck', 'HttpClient', 'HttpRequest', 'LoadBalancingPolicy', 'Metadata', 'ProxyProtocol', 'SessionAffinity', 'Tls'",
        "ReverseProxy:Clusters:web:SessionAffinity:Cookie:HttpOny: is an unknown key; did you mean 'HttpOnly'?",
        "ReverseProxy:Clusters:web:HealthCheck:Active:Interva: is an unknown key; did you mean 'Interval'?",
        "ReverseProxy:Clusters:web:HealthCheck:Passiv: is an unknown key; did you mean 'Passive'?",
        "ReverseProxy:Clusters:web:HttpClient:WebProxy:Addres: is an unknown key; did you mean 'Address'?",
        "ReverseProxy:Clusters:web:HttpRequest:Versio: is an unknown key; did you mean 'Version'?",
        "ReverseProxy:Clusters:web:Destinations:a:Weight: is an unknown key; expected 'Address', 'Health', 'Host', 'Metadata'");

    [Theory]
    [InlineData("HttpRequest", "Version", "two", "a version such as '2' or '1.1'")]
    [InlineData("HttpRequest", "VersionPolicy", "Exact", "one of 'RequestVersionOrLower', 'RequestVersionOrHigher', 'RequestVersionExact'")]
    [InlineData("HttpRequest", "VersionPolicy", "1", "one of 'RequestVersionOrLower', 'RequestVersionOrHigher', 'RequestVersionExact'")]
    [InlineData("HttpRequest", "ActivityTimeout", "soon", "a time span such as '00:00:15'")]
    [InlineData("HttpRequest", "ActivityTimeout", "5", "a time span such as '00:00:15'")] // five days
    [InlineData("HttpRequest", "AllowResponseBuffering", "yes", "'true' or 'false'")]
    [InlineData("HttpClient", "MaxConnectionsPerServer", "many", "a number")]
    [InlineData("HttpClient", "MaxConnectionsPerServer", "0x10", "a number")]
    [InlineData("HttpClient", "MaxConnectionsPerServer", "99999999999", "a number")]
    public void A_value_of_a_wrong_type_is_told_with_what_is_expected(string section, string key, string value, string expected) => AssertErrors(
        $$"""{ "ReverseProxy": { "Clusters": { "web": { "{{section}}": { "{{key}}": "{{value}}" }, "Destinations": { "a": { "Address": "http://10.0.0.5/" } } } } } }""",
        $"ReverseProxy:Clusters:web:{section}:{key}: '{value}' is not {expected}");

    [Fact]
    public void Every_kind_of_value_that_YARP_reads_is_accepted()
    {
        var http = Read(
            """
            {
              "ReverseProxy": {
                "Routes": {
                  "web": {
                    "ClusterId": "web", "Order": -1, "MaxRequestBodySize": -1, "Metadata": { "Anything": "goes" },
                    "Match": { "Path": "{**rest}", "Methods": ["GET"], "Headers": [{ "Name": "a", "Values": ["b"], "Mode": "HeaderPrefix", "IsCaseSensitive": true }] },
                    "Transforms": [{ "RequestHeader": "a", "Set": "b" }]
                  }
                },
                "Clusters": {
                  "web": {
                    "SessionAffinity": { "Enabled": true, "Policy": "Cookie", "AffinityKeyName": "key", "Cookie": { "SameSite": "Lax", "MaxAge": "1.00:00:00" } },
                    "HealthCheck": { "Active": { "Enabled": true, "Interval": "00:00:10", "Timeout": "00:00:05", "Path": "/healthz" } },
                    "HttpClient": { "SslProtocols": ["Tls12", "Tls13"], "MaxConnectionsPerServer": 10, "WebProxy": { "Address": "http://10.0.0.1:3128", "BypassOnLocal": true } },
                    "HttpRequest": { "Version": "2", "VersionPolicy": "RequestVersionExact", "ActivityTimeout": "00:01:40" },
                    "Destinations": { "a": { "Address": "http://10.0.0.5:{port}/", "Health": "http://10.0.0.5:8080/" } }
                  }
                }
              }
            }
            """).Http;
        Assert.Equal(-1, Assert.Single(http.Routes).Order);
        var cluster = Assert.Single(http.Clusters);
        Assert.Equal(new Uri("http://10.0.0.1:3128"), cluster.HttpClient!.WebProxy!.Address);
        Assert.Equal(new Version(2, 0), cluster.HttpRequest!.Version);
    }

    [Fact]
    public void Routes_and_clusters_have_to_fit_together() => AssertErrors(
        """
        {
          "ReverseProxy": {
            "Routes": {
              "lost": { "ClusterId": "wbe", "Match": { "Path": "{**rest}" } },
              "none": { "Match": { "Path": "{**rest}", "Ports": "90-80" } },
              "stream": { "ClusterId": "pg", "Match": { "Path": "{**rest}", "Addresses": ["x"] } }
            },
            "Clusters": {
              "pg": { "Destinations": { "a": { "Address": "tcp://10.0.0.6:5432" } } },
              "ftp": { "Destinations": { "a": { "Address": "ftp://10.0.0.6/" }, "b": { "Address": "http://{adress}/" } } }
            }
          }
        }
        """,
        "ReverseProxy:Routes:lost:ClusterId: 'wbe' is not a cluster of ReverseProxy:Clusters",
        "ReverseProxy:Routes:none:ClusterId: is missing; expected the name of a cluster",
        "ReverseProxy:Routes:none:Match:Ports: '90-80' is an empty range; write '80-90'",
        "ReverseProxy:Routes:stream:ClusterId: the destination 'a' of the cluster 'pg' is 'tcp://10.0.0.6:5432', but an HTTP route needs 'http' or 'https'",
        "ReverseProxy:Routes:stream:Match:Addresses: 'x' is not a prefix such as '198.51.100.0/24' or '2001:db8::/32'",
        "ReverseProxy:Clusters:ftp:Destinations:a:Address: 'ftp://10.0.0.6/' is not an address such as 'http://10.0.0.5:{port}/' or 'tcp://10.0.0.6:5432'",
        "ReverseProxy:Clusters:ftp:Destinations:b:Address: 'http://{adress}/' is not an address such as 'http://10.0.0.5:{port}/' or 'tcp://10.0.0.6:5432'");

    [Fact]
    public void A_destination_needs_an_address() => AssertErrors(
        """{ "ReverseProxy": { "Clusters": { "web": { "Destinations": { "a": { "Health": "http://10.0.0.5/" } } } } } }""",
        "ReverseProxy:Clusters:web: No address found for destination 'a' on cluster 'web'.");

    [Fact]
    public void A_destination_has_no_password_that_could_be_shown() => AssertErrors(
        """{ "ReverseProxy": { "Clusters": { "web": { "Destinations": { "a": { "Address": "http://me:secret@10.0.0.5:{port}/" } } } } } }""",
        "ReverseProxy:Clusters:web:Destinations:a:Address: has a user name or password, which would be shown with it; set the header Authorization by a transform instead");

    [Fact]
    public void A_policy_that_YARP_does_not_have_is_told_with_the_nearest_one() => AssertErrors(
        """
        { "ReverseProxy": { "Clusters": { "web": {
          "LoadBalancingPolicy": "RoundRobbin",
          "SessionAffinity": { "Policy": "HashCookies", "FailurePolicy": "Redistribute503" },
          "HealthCheck": { "AvailableDestinationsPolicy": "Healthy", "Active": { "Policy": "Failures" }, "Passive": { "Policy": "transportFailures" } },
          "Destinations": { "a": { "Address": "http://10.0.0.5/" } } } } } }
        """,
        "ReverseProxy:Clusters:web:LoadBalancingPolicy: 'RoundRobbin' is not a policy that there is; did you mean 'RoundRobin'?",
        "ReverseProxy:Clusters:web:SessionAffinity:Policy: 'HashCookies' is not a policy that there is; did you mean 'HashCookie'?",
        "ReverseProxy:Clusters:web:SessionAffinity:FailurePolicy: 'Redistribute503' is not a policy that there is; did you mean 'Redistribute'?",
        "ReverseProxy:Clusters:web:HealthCheck:AvailableDestinationsPolicy: 'Healthy' is not a policy that there is; expected 'HealthyAndUnknown', 'HealthyOrPanic'",
        "ReverseProxy:Clusters:web:HealthCheck:Active:Policy: 'Failures' is not a policy that there is; expected 'ConsecutiveFailures'",
        "ReverseProxy:Clusters:web:HealthCheck:Passive:Policy: 'transportFailures' is not a policy that there is; did you mean 'TransportFailureRate'?");

    [Fact]
    public void Each_policy_that_YARP_has_may_be_named()
    {
        foreach (var (section, names) in ((string, string[])[])
        [
            ("\"LoadBalancingPolicy\": \"*\"", ["PowerOfTwoChoices", "roundrobin", "LeastRequests", "Random", "FirstAlphabetical"]),
            ("\"SessionAffinity\": { \"Enabled\": true, \"AffinityKeyName\": \"key\", \"Policy\": \"*\" }", ["HashCookie", "ArrCookie", "Cookie", "CustomHeader"]),
            ("\"SessionAffinity\": { \"Enabled\": true, \"AffinityKeyName\": \"key\", \"FailurePolicy\": \"*\" }", ["Redistribute", "Return503Error"]),
            ("\"HealthCheck\": { \"AvailableDestinationsPolicy\": \"*\" }", ["HealthyAndUnknown", "HealthyOrPanic"]),
            ("\"HealthCheck\": { \"Active\": { \"Enabled\": true, \"Policy\": \"*\" } }", ["ConsecutiveFailures"]),
            ("\"HealthCheck\": { \"Passive\": { \"Enabled\": true, \"Policy\": \"*\" } }", ["TransportFailureRate"]),
        ])
        {
            foreach (var name in names)
                Assert.Single(Read($$"""{ "ReverseProxy": { "Clusters": { "web": { {{section.Replace("*", name, StringComparison.Ordinal)}}, "Destinations": { "a": { "Address": "http://10.0.0.5/" } } } } } }""").Http.Clusters);
        }
    }

    [Theory]
    [InlineData("AuthorizationPolicy")]
    [InlineData("outputCachePolicy")]
    public void A_policy_without_middleware_is_an_error(string key) => AssertErrors(
        $$"""{ "ReverseProxy": { "Routes": { "web": { "ClusterId": "web", "{{key}}": "default", "Match": { "Path": "/" } } } } }""",
        $"ReverseProxy:Routes:web:{key}: is not supported by this version");

    [Fact]
    public void A_timeout_is_accepted_but_no_policy_that_is_not_defined()
    {
        const string Clusters = """ "Clusters": { "web": { "Destinations": { "a": { "Address": "http://10.0.0.5/" } } } } """;
        var http = Read($$"""{ "ReverseProxy": { "Routes": { "web": { "ClusterId": "web", "Timeout": "00:00:05", "Match": { "Path": "/" } } }, {{Clusters}} } }""").Http;
        Assert.Equal(TimeSpan.FromSeconds(5), Assert.Single(http.Routes).Timeout);
        AssertErrors(
            $$"""{ "ReverseProxy": { "Routes": { "web": { "ClusterId": "web", "TimeoutPolicy": "slow", "Match": { "Path": "/" } } }, {{Clusters}} } }""",
            "ReverseProxy:Routes:web:TimeoutPolicy: 'slow' is not a policy of Policies:Timeouts; there is none, add it there");
    }

    [Fact]
    public void Active_health_checks_need_addresses_that_can_be_probed() => AssertErrors(
        """
        {
          "ReverseProxy": {
            "Clusters": {
              "web": {
                "HealthCheck": { "Active": { "Enabled": true } },
                "Destinations": {
                  "a": { "Address": "http://10.0.0.5:{port}/" },
                  "b": { "Address": "http://10.0.0.5:{port}/", "Health": "http://10.0.0.5:8080/" },
                  "c": { "Address": "http://10.0.0.5/", "Health": "http://{address}/" }
                }
              }
            }
          }
        }
        """,
        Probe("a:Address", "http://10.0.0.5:{port}/"),
        Probe("c:Health", "http://{address}/"));

    private static string Probe(string key, string address) =>
        $"ReverseProxy:Clusters:web:Destinations:{key}: '{address}' cannot be probed, but HealthCheck:Active is enabled; set Health to an HTTP address without placeholders, such as 'http://10.0.0.5:8080/'";
}
