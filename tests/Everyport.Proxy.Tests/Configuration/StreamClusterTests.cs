using Everyport.Proxy.Clusters;
using Everyport.Steering.Rules;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>Clusters whose destinations take streams and flows.</summary>
public class StreamClusterTests
{
    [Fact]
    public void Everything_that_a_stream_cluster_can_have_is_read()
    {
        var configuration = Read(
            """
            { "ReverseProxy": { "Clusters": {
              "web": { "Destinations": { "a": { "Address": "http://10.0.0.5/" } } },
              "pg": {
                "LoadBalancingPolicy": "leastrequests",
                "HealthCheck": {
                  "Active": { "Enabled": true, "Interval": "00:00:05", "Timeout": "00:00:01", "Policy": "ConsecutiveFailures" },
                  "Passive": { "Enabled": "true", "ReactivationPeriod": "00:00:30", "Policy": "ConsecutiveFailures" },
                  "AvailableDestinationsPolicy": "HealthyOrPanic"
                },
                "Metadata": { "ConsecutiveFailuresHealthPolicy.Threshold": "5", "Anything": "goes" },
                "Destinations": {
                  "a": { "Address": "tcp://10.0.0.6:{port}", "Health": "tcp://health.test:8008" },
                  "b": { "Address": "tcp://db.test:5432", "Metadata": { "Rack": "7" } }
                }
              }
            } } }
            """);
        var cluster = Assert.Single(configuration.StreamClusters);
        Assert.Equal(("pg", Protocols.Tcp, LoadBalancing.LeastConnections), (cluster.Name, cluster.Protocol, cluster.LoadBalancing));
        Assert.Equal(
            new ClusterHealthConfig
            {
                Active = new() { Enabled = true, Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(1) },
                Passive = new() { Enabled = true, ReactivationPeriod = TimeSpan.FromSeconds(30) },
                AvailableDestinations = AvailableDestinations.HealthyOrPanic,
                FailureThreshold = 5,
            },
            cluster.Health);
        Assert.Equal(["tcp://health.test:8008", "tcp://db.test:5432"], cluster.Destinations.Select(destination => cluster.HealthAddressOf(destination).ToString()));
        Assert.Equal(["db.test", "health.test"], cluster.HostNames.Order(StringComparer.Ordinal));
        Assert.Equal("web", Assert.Single(configuration.Http.Clusters).ClusterId);
    }

    [Theory]
    [InlineData("tcp", nameof(LoadBalancing.PowerOfTwoChoices))]
    [InlineData("udp", nameof(LoadBalancing.SourceHash))]
    public void What_is_left_out_is_as_in_YARP_where_YARP_has_it(string scheme, string expected)
    {
        var cluster = Assert.Single(Read($$"""{ "ReverseProxy": { "Clusters": { "c": { "Destinations": { "a": { "Address": "{{scheme}}://10.0.0.6:53" } } } } } }""").StreamClusters);
        Assert.Equal(expected, cluster.LoadBalancing.ToString());
        Assert.Equal((false, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10)), (cluster.Health.Active.Enabled, cluster.Health.Active.Interval, cluster.Health.Active.Timeout));
        Assert.Equal((false, TimeSpan.FromMinutes(1)), (cluster.Health.Passive.Enabled, cluster.Health.Passive.ReactivationPeriod));
        Assert.Equal((AvailableDestinations.HealthyAndUnknown, 2), (cluster.Health.AvailableDestinations, cluster.Health.FailureThreshold));
    }

    [Fact]
    public void Every_error_of_a_stream_cluster_is_told() => AssertErrors(
        """
        { "ReverseProxy": { "Clusters": { "pg": {
          "LoadBalancingPolicy": "Fastest", "SessionAffinity": { "Enabled": true }, "HttpClient": { }, "HttpRequest": { "Version": "2" }, "Destination": { },
          "HealthCheck": {
            "Active": { "Enabled": "on", "Interval": "5", "Timeout": "00:00:00", "Policy": "Mine", "Path": "/healthz", "Query": "?x", "Intervall": 1 },
            "Passive": { "Policy": "TransportFailureRate", "ReactivationPeriod": "soon" },
            "AvailableDestinationsPolicy": "0", "Actve": { }
          },
          "Metadata": { "ConsecutiveFailuresHealthPolicy.Threshold": "0" },
          "Destinations": {
            "a": { "Address": "tcp://10.0.0.6:5432", "Host": "db.test", "Adress": "x" },
            "b": { "Address": "tcp://10.0.0.6" },
            "c": { "Health": "http://10.0.0.6/" }
          }
        } } } }
        """,
        "ReverseProxy:Clusters:pg:LoadBalancingPolicy: 'Fastest' is not one of 'PowerOfTwoChoices', 'RoundRobin', 'LeastConnections', 'Random', 'FirstAlphabetical', 'SourceHash'",
        "ReverseProxy:Clusters:pg:SessionAffinity: has no meaning for tcp destinations, which know nothing of HTTP; remove it",
        "ReverseProxy:Clusters:pg:HttpClient: has no meaning for tcp destinations, which know nothing of HTTP; remove it",
        "ReverseProxy:Clusters:pg:HttpRequest: has no meaning for tcp destinations, which know nothing of HTTP; remove it",
        "ReverseProxy:Clusters:pg:Destination: is an unknown key; did you mean 'Destinations'?",
        "ReverseProxy:Clusters:pg:HealthCheck:Active:Enabled: 'on' is neither 'true' nor 'false'",
        "ReverseProxy:Clusters:pg:HealthCheck:Active:Interval: '5' is not a time span above zero and up to one day, such as '00:00:03'",
        "ReverseProxy:Clusters:pg:HealthCheck:Active:Timeout: '00:00:00' is not a time span above zero and up to one day, such as '00:00:03'",
        "ReverseProxy:Clusters:pg:HealthCheck:Active:Policy: 'Mine' is not a policy for tcp and udp destinations; expected 'ConsecutiveFailures', or leave it out",
        "ReverseProxy:Clusters:pg:HealthCheck:Active:Path: belongs to HTTP; tcp and udp destinations are checked by opening a TCP connection. Remove it",
        "ReverseProxy:Clusters:pg:HealthCheck:Active:Query: belongs to HTTP; tcp and udp destinations are checked by opening a TCP connection. Remove it",
        "ReverseProxy:Clusters:pg:HealthCheck:Active:Intervall: is an unknown key; did you mean 'Interval'?",
        "ReverseProxy:Clusters:pg:HealthCheck:Passive:Policy: 'TransportFailureRate' is not a policy for tcp and udp destinations; expected 'ConsecutiveFailures', or leave it out",
        "ReverseProxy:Clusters:pg:HealthCheck:Passive:ReactivationPeriod: 'soon' is not a time span above zero and up to one day, such as '00:00:03'",
        "ReverseProxy:Clusters:pg:HealthCheck:AvailableDestinationsPolicy: '0' is not one of 'HealthyAndUnknown', 'HealthyOrPanic'",
        "ReverseProxy:Clusters:pg:HealthCheck:Actve: is an unknown key; did you mean 'Active'?",
        "ReverseProxy:Clusters:pg:Metadata:ConsecutiveFailuresHealthPolicy.Threshold: '0' is not a number from 1 to 1000",
        "ReverseProxy:Clusters:pg:Destinations:a:Host: is the Host header of requests, which streams do not have; remove it",
        "ReverseProxy:Clusters:pg:Destinations:a:Adress: is an unknown key; did you mean 'Address'?",
        "ReverseProxy:Clusters:pg:Destinations:b:Address: 'tcp://10.0.0.6' is not a destination such as 'tcp://10.0.0.6:5432', 'tls://10.0.0.6:5433' or 'udp://{address}:{port}'",
        "ReverseProxy:Clusters:pg:Destinations:c:Address: is missing; expected an address such as 'tcp://10.0.0.6:5432'",
        "ReverseProxy:Clusters:pg:Destinations:c:Health: 'http://10.0.0.6/' is not a destination such as 'tcp://10.0.0.6:5432', 'tls://10.0.0.6:5433' or 'udp://{address}:{port}'");

    [Theory]
    [InlineData("http://10.0.0.5/", "tcp://10.0.0.6:25")]
    [InlineData("tcp://10.0.0.6:25", "https://10.0.0.5/")]
    [InlineData("tcp://10.0.0.6:53", "udp://10.0.0.6:53")]
    public void Destinations_of_one_cluster_have_one_protocol(string one, string other) => AssertErrors(
        $$"""{ "ReverseProxy": { "Clusters": { "c": { "Destinations": { "a": { "Address": "{{one}}" }, "b": { "Address": "{{other}}" } } } } } }""",
        $"ReverseProxy:Clusters:c:Destinations: 'a' is '{one}', but 'b' is '{other}'; a cluster has destinations of one protocol, make two of it");

    [Fact]
    public void Active_checks_need_an_address_that_a_connection_can_be_opened_to() => AssertErrors(
        """
        { "ReverseProxy": { "Clusters": {
          "tcp": {
            "HealthCheck": { "Active": { "Enabled": true } },
            "Destinations": {
              "port": { "Address": "tcp://10.0.0.6:{port}" },
              "address": { "Address": "tcp://{address}:25" },
              "given": { "Address": "tcp://10.0.0.6:{port}", "Health": "tcp://10.0.0.6:25" },
              "wrong": { "Address": "tcp://10.0.0.6:25", "Health": "tcp://10.0.0.6:{port}" }
            }
          },
          "udp": {
            "HealthCheck": { "Active": { "Enabled": true } },
            "Destinations": { "a": { "Address": "udp://10.0.0.7:53" }, "b": { "Address": "udp://10.0.0.8:53", "Health": "tcp://10.0.0.8:53" } }
          },
          "off": { "Destinations": { "a": { "Address": "tcp://{address}:{port}" } } }
        } } }
        """,
        NotChecked("tcp", "port:Address", "tcp://10.0.0.6:{port}"),
        NotChecked("tcp", "address:Address", "tcp://{address}:25"),
        NotChecked("tcp", "wrong:Health", "tcp://10.0.0.6:{port}"),
        NotChecked("udp", "a:Address", "udp://10.0.0.7:53"));

    private static string NotChecked(string cluster, string key, string address) =>
        $"ReverseProxy:Clusters:{cluster}:Destinations:{key}: '{address}' cannot be checked, but HealthCheck:Active is enabled; "
            + "set Health to a TCP address without placeholders, such as 'tcp://10.0.0.6:5432'";
}
