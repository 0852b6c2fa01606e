using System.Collections.Frozen;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Flows;

/// <summary>Who takes a datagram of a new flow: all routes of UDP in operation.</summary>
internal sealed class FlowRoutes
{
    private readonly RouteTable _table;
    private readonly FrozenDictionary<string, FlowRoute> _routes;

    public FlowRoutes(IEnumerable<StreamRoute> streams, StreamClusters clusters, TimeSpan idleTimeout)
    {
        All = [.. streams
            .Where(stream => stream.Protocol == Protocols.Udp)
            .Select((stream, index) => new FlowRoute(stream, clusters[stream.ClusterId], stream.Settings.IdleTimeout ?? idleTimeout, index))];
        _table = RouteTable.ForUdp(All.Select(route => route.Route));
        _routes = All.ToFrozenDictionary(route => route.Route.Name);
    }

    public IReadOnlyList<FlowRoute> All { get; }

    /// <summary>Decides as far as addresses and ports allow.</summary>
    public RouteDecision Decide(in FlowKey key) => _table.Decide(new Steered(key.Client, key.Original));

    /// <summary>A route that is known to be one of them.</summary>
    public FlowRoute this[StreamRoute route] => _routes[route.Name];
}
