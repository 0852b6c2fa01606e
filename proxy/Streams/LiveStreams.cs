using System.Collections.Frozen;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls.Upstream;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Streams;

/// <summary>All routes of TCP streams in operation. Never changes; another one replaces it.</summary>
internal sealed class LiveStreams
{
    private readonly FrozenDictionary<string, LiveStream> _streams;

    /// <param name="routes">Those of the configuration; others than of TCP are left out.</param>
    /// <param name="clusters">Has all clusters that they name.</param>
    /// <param name="tls">Has them, too.</param>
    /// <param name="before">Those that are replaced: connections of routes that stay go on counting.</param>
    public LiveStreams(IEnumerable<StreamRoute> routes, StreamClusters clusters, UpstreamTlsClusters tls, LiveStreams? before) =>
        _streams = routes
            .Where(route => route.Protocol == Protocols.Tcp)
            .ToFrozenDictionary(route => route.Name, route => new LiveStream(route, clusters[route.ClusterId], tls[route.ClusterId], LimitOf(route, before)));

    /// <summary>All of them, by name.</summary>
    public IEnumerable<LiveStream> All => _streams.Values.OrderBy(stream => stream.Route.Name, StringComparer.Ordinal);

    /// <summary>A route that is known to be one of them.</summary>
    public LiveStream this[StreamRoute route] => _streams[route.Name];

    private static ConnectionLimit LimitOf(StreamRoute route, LiveStreams? before)
    {
        var maximum = route.Settings.MaxConnections ?? int.MaxValue;
        return before?._streams.GetValueOrDefault(route.Name)?.Connections.WithMaximum(maximum) ?? new ConnectionLimit(maximum);
    }
}
