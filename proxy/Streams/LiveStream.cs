using System.Net.Security;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Streams;

/// <summary>A route of TCP streams in operation: its configuration, its cluster, and how many streams it has.</summary>
internal sealed class LiveStream(StreamRoute route, StreamCluster cluster)
{
    public StreamRoute Route => route;

    public StreamCluster Cluster => cluster;

    public ConnectionLimit Connections { get; } = new(route.Settings.MaxConnections ?? int.MaxValue);

    /// <summary>What may be said inside TLS that ends here (ALPN), the preferred one first; none where that does not matter.</summary>
    public List<SslApplicationProtocol> Protocols { get; } = [.. route.Tls.Alpn.Select(protocol => new SslApplicationProtocol(protocol))];

    public StreamLimits Limits { get; } = StreamLimits.From(route.Settings.IdleTimeout, route.Settings.Lifetime);
}
