using System.Net.Security;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls.Upstream;

namespace Everyport.Proxy.Streams;

/// <summary>A route of TCP streams in operation: its configuration, its cluster, and how many streams it has.</summary>
internal sealed class LiveStream(StreamRoute route, StreamCluster cluster, UpstreamTls tls, ConnectionLimit connections)
{
    public StreamRoute Route => route;

    public StreamCluster Cluster => cluster;

    /// <summary>How its destinations are known by TLS.</summary>
    public UpstreamTls UpstreamTls => tls;

    public ConnectionLimit Connections => connections;

    /// <summary>What may be said inside TLS that ends here (ALPN), the preferred one first; none where that does not matter.</summary>
    public List<SslApplicationProtocol> Protocols { get; } = [.. route.Tls.Alpn.Select(protocol => new SslApplicationProtocol(protocol))];

    public StreamLimits Limits { get; } = StreamLimits.From(route.Settings.IdleTimeout, route.Settings.Lifetime);
}
