using System.Collections.Frozen;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Streams;

/// <summary>All routes of TCP streams in operation.</summary>
internal sealed class LiveStreams(IEnumerable<StreamRoute> routes, StreamClusters clusters)
{
    private readonly FrozenDictionary<string, LiveStream> _streams = routes
        .Where(route => route.Protocol == Protocols.Tcp)
        .ToFrozenDictionary(route => route.Name, route => new LiveStream(route, clusters[route.ClusterId]));

    /// <summary>All of them, by name.</summary>
    public IEnumerable<LiveStream> All => _streams.Values.OrderBy(stream => stream.Route.Name, StringComparer.Ordinal);

    /// <summary>A route that is known to be one of them.</summary>
    public LiveStream this[StreamRoute route] => _streams[route.Name];
}
