using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Guard;
using Everyport.Proxy.Http.Policies;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http;

/// <summary>What is known of HTTP while it runs: its errors, and how its destinations are.</summary>
internal sealed class HttpState(IProxyStateLookup state, Func<RoutePlans> plans, HttpErrorCount errors, HttpLimitHits limits)
{
    public IEnumerable<ClusterState> Clusters => state.GetClusters();

    /// <summary>How often it has happened.</summary>
    public long Errors(HttpErrorReason reason) => errors.Total(reason);

    /// <summary>How often clients ran into it.</summary>
    public long LimitsHit(HttpLimit limit) => limits.Total(limit);

    public CircuitState? CircuitOf(ClusterState cluster, DestinationState destination) => plans().StateOf(cluster.ClusterId, destination);

    /// <summary>Unhealthy where either kind of check says so.</summary>
    public static DestinationHealth HealthOf(DestinationState destination) => (destination.Health.Active, destination.Health.Passive) switch
    {
        (DestinationHealth.Unhealthy, _) or (_, DestinationHealth.Unhealthy) => DestinationHealth.Unhealthy,
        (DestinationHealth.Healthy, _) or (_, DestinationHealth.Healthy) => DestinationHealth.Healthy,
        _ => DestinationHealth.Unknown,
    };
}
