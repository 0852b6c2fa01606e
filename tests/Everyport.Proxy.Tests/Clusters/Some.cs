using Everyport.Proxy.Clusters;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tests.Flows;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Tests.Clusters;

/// <summary>Short forms for writing clusters in tests.</summary>
internal static class Some
{
    public static readonly Address Client = Address.FromIPv4(0xC0000201);

    public static StreamClusterConfig Config(params string[] destinations) =>
        new("c", Protocols.Tcp, [.. destinations.Select(name => Destination(name))]);

    public static StreamDestination Destination(string name, string host = "10.0.0.6", ushort port = 5432) => new(name, Protocols.Tcp, host, port);

    public static StreamCluster Cluster(LoadBalancing policy, params string[] destinations) => Cluster(Config(destinations) with { LoadBalancing = policy });

    public static StreamCluster Cluster(StreamClusterConfig config, Clock? clock = null, LogLines<HealthLog>? log = null) =>
        new(config, clock ?? new Clock(), new HealthLog(log ?? new LogLines<HealthLog>()));

    public static DestinationState Named(this StreamCluster cluster, string name) =>
        cluster.Destinations.ToArray().Single(destination => destination.Destination.Name == name);

    public static string? PickName(this StreamCluster cluster, params DestinationState[] tried) => cluster.PickName(Client, tried);

    public static string? PickName(this StreamCluster cluster, Address client, params DestinationState[] tried) => cluster.Pick(client, tried)?.Destination.Name;

    public static void Enter(this DestinationState destination, int connections)
    {
        for (var i = 0; i < connections; i++)
            Assert.True(destination.TryEnter());
    }
}
