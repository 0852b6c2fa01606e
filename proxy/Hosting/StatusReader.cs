using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Reload;
using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Guard;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Routing;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Hosting;

/// <summary>Reads the state of the running proxy for people and their tools.</summary>
internal sealed class StatusReader(ConfigurationSwitch configuration, RunningParts parts)
{
    private readonly Refusals _refusals = parts.Connections.Refusals;
    private readonly FlowService _flows = parts.Flows;
    private readonly HttpState _http = parts.Http.State;

    public Status Read(bool ready) => Read(ready, configuration.Current.Limits, parts.Connections.Rules.Current);

    private Status Read(bool ready, Limits limits, ConnectionRules rules) => new(
        ready,
        new ConnectionsStatus(
            rules.Total.Count,
            limits.MaxConnections,
            parts.Connections.Accepted,
            Counted<RefusalReason>(_refusals.Total),
            [.. rules.Streams.All.Select(stream => Of(stream.Route, stream.Connections, stream.Route.Settings.MaxConnections))]),
        new HttpStatus(Counted<HttpErrorReason>(_http.Errors), Counted<HttpLimit>(_http.LimitsHit)),
        new FlowsStatus(
            _flows.Open,
            limits.MaxFlows,
            Counted<DropReason>(_flows.Dropped),
            [.. _flows.Rules.Routes.All.Select(flow => Of(flow.Route, flow.Flows, flow.Settings.MaxFlows))]),
        [.. parts.Clusters.All.Select(Of).Concat(_http.Clusters.Select(Of)).OrderBy(cluster => cluster.Name, StringComparer.Ordinal)]);

    private static RouteStatus Of(StreamRoute route, ConnectionLimit open, int? limit) => new(route.Name, route.ClusterId, open.Count, limit);

    private static ClusterStatus Of(StreamCluster cluster)
    {
        var destinations = new List<DestinationStatus>();
        foreach (var state in cluster.Destinations)
            destinations.Add(new(state.Destination.Name, state.Destination.ToString(), state.Health.ToString(), state.Connections));
        return new(cluster.Config.Name, destinations);
    }

    private ClusterStatus Of(ClusterState cluster) => new(
        cluster.ClusterId,
        [.. cluster.DestinationsState.AllDestinations.Select(destination => new DestinationStatus(
            destination.DestinationId,
            destination.Model.Config.Address,
            HttpState.HealthOf(destination).ToString(),
            destination.ConcurrentRequestCount,
            _http.CircuitOf(cluster, destination)?.ToString()))]);

    /// <summary>Only what has happened.</summary>
    private static Dictionary<string, long> Counted<T>(Func<T, long> total) where T : struct, Enum =>
        Enum.GetValues<T>().Where(reason => total(reason) > 0).ToDictionary(reason => reason.ToString(), total);
}
