using Everyport.Proxy.Admin.State;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Guard;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Streams;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Hosting;

/// <summary>Reads the state of the running proxy for people and their tools.</summary>
internal sealed class StatusReader(
    ProxyConfiguration configuration, Connections connections, LiveStreams streams, Refusals refusals, FlowService flows, StreamClusters clusters, HttpState http)
{
    public Status Read(bool ready) => new(
        ready,
        new ConnectionsStatus(
            connections.Total.Count,
            configuration.Limits.MaxConnections,
            connections.Accepted,
            Counted<RefusalReason>(refusals.Total),
            [.. streams.All.Select(stream => Of(stream.Route, stream.Connections, stream.Route.Settings.MaxConnections))]),
        new HttpStatus(Counted<HttpErrorReason>(http.Errors), Counted<HttpLimit>(http.LimitsHit)),
        new FlowsStatus(
            flows.Open,
            configuration.Limits.MaxFlows,
            Counted<DropReason>(flows.Dropped),
            [.. flows.Routes.Select(flow => Of(flow.Route, flow.Flows, flow.Settings.MaxFlows))]),
        [.. clusters.All.Select(Of).Concat(http.Clusters.Select(Of)).OrderBy(cluster => cluster.Name, StringComparer.Ordinal)]);

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
            http.CircuitOf(cluster, destination)?.ToString()))]);

    /// <summary>Only what has happened.</summary>
    private static Dictionary<string, long> Counted<T>(Func<T, long> total) where T : struct, Enum =>
        Enum.GetValues<T>().Where(reason => total(reason) > 0).ToDictionary(reason => reason.ToString(), total);
}
