using System.Collections.Immutable;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls.Upstream;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Clusters;

/// <summary>
/// A cluster of <c>ReverseProxy:Clusters</c> whose destinations take streams or flows, validated. It never changes;
/// <see cref="StreamCluster"/> is the live thing.
/// </summary>
internal sealed record StreamClusterConfig(string Name, Protocols Protocol, ImmutableArray<StreamDestination> Destinations)
{
    public LoadBalancing LoadBalancing { get; init; } = DefaultFor(Protocol);

    public ClusterHealthConfig Health { get; init; } = new();

    /// <summary>How destinations are known by TLS, where the cluster says so.</summary>
    public UpstreamTlsSettings? Tls { get; init; }

    /// <summary>Where a destination is checked, by its name, where that is not its own address: the key <c>Health</c>.</summary>
    public ImmutableDictionary<string, StreamDestination> HealthAddresses { get; init; } =
        ImmutableDictionary.Create<string, StreamDestination>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The host names that have to be resolved.</summary>
    public IEnumerable<string> HostNames => Destinations
        .Concat(HealthAddresses.Values)
        .Select(destination => destination.Host)
        .Where(host => host != StreamDestination.AddressPlaceholder && !Address.TryParse(host, out _))
        .Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Connections differ in how long they last, so that it pays to look at their number; flows of one client belong together.</summary>
    public static LoadBalancing DefaultFor(Protocols protocol) =>
        protocol == Protocols.Udp ? LoadBalancing.SourceHash : LoadBalancing.PowerOfTwoChoices;

    /// <summary>The address that an active check dials.</summary>
    public StreamDestination HealthAddressOf(StreamDestination destination) => HealthAddresses.GetValueOrDefault(destination.Name, destination);
}
