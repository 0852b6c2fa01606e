using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>What is said about wrong streams.</summary>
public class StreamErrorsTests
{
    private const string Clusters =
        """
        "ReverseProxy": { "Clusters": {
          "web": { "Destinations": { "a": { "Address": "http://10.0.0.5/" } } },
          "pg": { "Destinations": { "a": { "Address": "tcp://10.0.0.6:5432" } } },
          "dns": { "Destinations": { "a": { "Address": "udp://10.0.0.7:53" } } },
          "none": { }
        } }
        """;

    [Fact]
    public void Every_error_of_every_stream_is_told() => AssertErrors(
        $$"""
        {
          {{Clusters}},
          "Streams": {
            "a": { "Match": { "Protocol": "sctp", "Ports": "0", "Addresses": ["10.0.0.1/8", "10.0.0.0/8"], "Adresses": [] } },
            "b": { "ClusterId": "pq", "Ordr": 1 },
            "c": { "ClusterId": "web" },
            "d": { "ClusterId": "dns", "Order": "first" },
            "e": { "ClusterId": "pg", "Match": { "Protocol": "udp", "Addresses": "10.0.0.0" } },
            "f": { "ClusterId": "none", "Match": { "Addresses": "10.0.0.0/33" } }
          }
        }
        """,
        "Streams:a:ClusterId: is missing; expected the name of a cluster of ReverseProxy:Clusters",
        "Streams:a:Match:Protocol: 'sctp' is not a protocol; expected 'tcp' or 'udp'",
        "Streams:a:Match:Ports: '0' is not a port; ports go from 1 to 65535",
        "Streams:a:Match:Addresses:0: '10.0.0.1/8' has bits set beyond its length; write '10.0.0.0/8', or '10.0.0.1/32' for the one address",
        "Streams:a:Match:Adresses: is an unknown key; did you mean 'Addresses'?",
        "Streams:b:ClusterId: 'pq' is not a cluster of ReverseProxy:Clusters",
        "Streams:b:Ordr: is an unknown key; did you mean 'Order'?",
        "Streams:c:ClusterId: the destination 'a' of the cluster 'web' is 'http://10.0.0.5/', but a stream needs 'tcp' or 'udp'",
        "Streams:d:Order: 'first' is not a number from -2147483648 to 2147483647",
        "Streams:d:ClusterId: the destination 'a' of the cluster 'dns' is 'udp://10.0.0.7:53', but the stream is TCP",
        "Streams:e:ClusterId: the destination 'a' of the cluster 'pg' is 'tcp://10.0.0.6:5432', but the stream is UDP",
        "Streams:f:Match:Addresses: '10.0.0.0/33' has a length that is not a number from 0 to 32",
        "Streams:f:ClusterId: the cluster 'none' has no destinations");

    [Fact]
    public void A_stream_is_not_blamed_for_clusters_that_could_not_be_read() => AssertErrors(
        """
        {
          "ReverseProxy": { "Clusters": { "pg": { "Destinations": { "a": { "Adress": "tcp://10.0.0.6:5432" } } } } },
          "Streams": { "postgres": { "ClusterId": "pg" } }
        }
        """,
        "ReverseProxy:Clusters:pg:Destinations:a:Adress: is an unknown key; did you mean 'Address'?");

    [Fact]
    public void What_is_right_is_read()
    {
        var streams = Read($$"""{ {{Clusters}}, "Streams": { "postgres": { "ClusterId": "PG", "Order": -2, "Match": { "Ports": "5432", "Addresses": "10.0.0.0/8" } }, "dns": { "ClusterId": "dns", "Match": { "Protocol": "UDP" } } } }""").Streams;
        var postgres = streams.Single(stream => stream.Name == "postgres");
        Assert.Equal(("5432", -2, false), (postgres.Match.Ports.ToString(), postgres.Order, postgres.IsCatchAll));
        Assert.Equal("tcp://10.0.0.6:5432", Assert.Single(postgres.Destinations).ToString());
        Assert.Equal("udp://10.0.0.7:53", Assert.Single(streams.Single(stream => stream.Name == "dns").Destinations).ToString());
    }
}
