using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;

namespace Everyport.Proxy.Http;

/// <summary>
/// Which versions of HTTP a TLS connection to a destination offers (ALPN). The HTTP client of .NET takes a connection that is
/// encrypted already, and expects of it what it would have offered itself: HTTP/2 no longer once a destination has declined it.
/// </summary>
internal sealed class OfferedVersions
{
    /// <summary>A destination may be made of whatever address and port clients dial.</summary>
    private const int MostRemembered = 65_536;

    private readonly ConcurrentDictionary<DnsEndPoint, bool> _withoutHttp2 = new();

    /// <summary>What a connection offers that is opened for a request.</summary>
    public List<SslApplicationProtocol> For(DnsEndPoint destination, HttpRequestMessage request) => request switch
    {
        { Version.Major: >= 2, VersionPolicy: not HttpVersionPolicy.RequestVersionOrLower } => [SslApplicationProtocol.Http2],
        { Version.Major: < 2, VersionPolicy: not HttpVersionPolicy.RequestVersionOrHigher } => [SslApplicationProtocol.Http11],
        _ => _withoutHttp2.ContainsKey(destination) ? [SslApplicationProtocol.Http11] : [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    /// <summary>Notes what the destination has chosen.</summary>
    public void Chosen(DnsEndPoint destination, IReadOnlyList<SslApplicationProtocol> offered, SslApplicationProtocol chosen)
    {
        if (offered.Count < 2 || chosen == SslApplicationProtocol.Http2)
            return;
        if (_withoutHttp2.Count >= MostRemembered)
            _withoutHttp2.Clear();
        _withoutHttp2[destination] = true;
    }
}
