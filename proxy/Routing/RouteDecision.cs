using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tls;

namespace Everyport.Proxy.Routing;

/// <summary>
/// What addresses and ports decide about a connection, and what the first bytes may still change: whether an HTTP route,
/// or a stream that asks for TLS, goes before the first stream that takes anything.
/// </summary>
internal readonly struct RouteDecision
{
    private readonly RouteTable _table;
    private readonly Steered _steered;
    private readonly RouteEntry? _http, _stream;
    private readonly bool _mayBeHttp, _mayBeTls;

    internal RouteDecision(RouteTable table, in Steered steered, RouteEntry? http, RouteEntry? stream, RouteEntry? asking)
    {
        (_table, _steered, _http, _stream) = (table, steered, http, stream);
        (_mayBeHttp, _mayBeTls) = (GoesFirst(http, stream), GoesFirst(asking, stream));
    }

    /// <summary>Whether the first bytes have to be looked at. Otherwise <see cref="Stream"/> is certain.</summary>
    public bool NeedsFirstBytes => _mayBeHttp || _mayBeTls;

    /// <summary>
    /// The stream that takes the connection, or, where the first bytes are needed, the one that takes it if they say
    /// nothing. Null: nobody does.
    /// </summary>
    public StreamRoute? Stream => _stream?.Stream;

    /// <summary>Decides for good where no TLS ends here.</summary>
    public RouteVerdict Resolve(in FirstBytes firstBytes) => Resolve(firstBytes, CertificateDirectory.None);

    /// <summary>Decides for good. HTTP routes take TLS for names that there is a certificate for; a stream on which it ends refuses the others.</summary>
    public RouteVerdict Resolve(in FirstBytes firstBytes, CertificateDirectory certificates) => firstBytes.Protocol switch
    {
        SniffedProtocol.Http1 or SniffedProtocol.Http2 when _mayBeHttp => RouteVerdict.Http,
        SniffedProtocol.Tls or SniffedProtocol.Quic when NeedsFirstBytes && firstBytes.Hello is { } hello => Resolve(hello, certificates),
        _ => new RouteVerdict(false, Stream),
    };

    private RouteVerdict Resolve(ClientHello hello, CertificateDirectory certificates)
    {
        var stream = _mayBeTls ? _table.ForHello(_steered, hello, _stream) : _stream;
        var goesToHttp = GoesFirst(_http, stream);
        var terminates = stream is { Stream.Tls.Terminates: true };
        if ((goesToHttp || terminates) && certificates.Find(hello.ServerName) is { } certificate)
            return new RouteVerdict(goesToHttp, goesToHttp ? null : stream!.Stream) { Certificate = certificate };
        return new RouteVerdict(false, terminates ? null : stream?.Stream) { LacksCertificate = (stream is null || terminates) && !certificates.IsEmpty };
    }

    private static bool GoesFirst(RouteEntry? entry, RouteEntry? other) => entry is not null && (other is null || entry.Rank < other.Rank);
}
