using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>A route of UDP in operation: its configuration, its cluster, and how many flows it has. Shared by all threads.</summary>
internal sealed class FlowRoute(StreamRoute route, StreamCluster cluster, TimeSpan idleTimeout, ConnectionLimit flows)
{
    public StreamRoute Route => route;

    public FlowSettings Settings => route.Settings.Flows;

    public StreamCluster Cluster => cluster;

    public ConnectionLimit Flows => flows;

    /// <summary>In milliseconds.</summary>
    public long IdleTimeout { get; } = (long)idleTimeout.TotalMilliseconds;
}
