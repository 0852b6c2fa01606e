using System.Collections.Frozen;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Flows;

/// <summary>Who takes a datagram of a new flow: all routes of UDP in operation. Never changes; another one replaces it.</summary>
internal sealed class FlowRoutes
{
    private readonly RouteTable _table;
    private readonly FrozenDictionary<string, FlowRoute> _routes;

    /// <param name="streams">Those of the configuration; others than of UDP are left out.</param>
    /// <param name="clusters">Has all clusters that they name.</param>
    /// <param name="idleTimeout">For routes that name none.</param>
    /// <param name="before">Those that are replaced: flows of routes that stay go on counting.</param>
    public FlowRoutes(IEnumerable<StreamRoute> streams, StreamClusters clusters, TimeSpan idleTimeout, FlowRoutes? before)
    {
        All = [.. streams
            .Where(stream => stream.Protocol == Protocols.Udp)
            .Select(stream => new FlowRoute(stream, clusters[stream.ClusterId], stream.Settings.IdleTimeout ?? idleTimeout, LimitOf(stream, before)))];
        _table = RouteTable.ForUdp(All.Select(route => route.Route));
        _routes = All.ToFrozenDictionary(route => route.Route.Name);
    }

    public IReadOnlyList<FlowRoute> All { get; }

    /// <summary>Decides as far as addresses and ports allow.</summary>
    public RouteDecision Decide(in FlowKey key) => _table.Decide(new Steered(key.Client, key.Original));

    /// <summary>A route that is known to be one of them.</summary>
    public FlowRoute this[StreamRoute route] => _routes[route.Name];

    private static ConnectionLimit LimitOf(StreamRoute route, FlowRoutes? before)
    {
        var maximum = route.Settings.Flows.MaxFlows ?? int.MaxValue;
        return before?._routes.GetValueOrDefault(route.Name)?.Flows.WithMaximum(maximum) ?? new ConnectionLimit(maximum);
    }
}
