using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Routing;

/// <summary>
/// What addresses and ports decide about a connection, and what the first bytes may still change: whether an HTTP route,
/// or a stream that asks for TLS, goes before the first stream that takes anything.
/// </summary>
internal readonly struct RouteDecision
{
    private readonly RouteTable _table;
    private readonly Steered _steered;
    private readonly RouteEntry? _stream;
    private readonly bool _mayBeHttp, _mayBeTls;

    internal RouteDecision(RouteTable table, in Steered steered, RouteEntry? stream, bool mayBeHttp, bool mayBeTls) =>
        (_table, _steered, _stream, _mayBeHttp, _mayBeTls) = (table, steered, stream, mayBeHttp, mayBeTls);

    /// <summary>Whether the first bytes have to be looked at. Otherwise <see cref="Stream"/> is certain.</summary>
    public bool NeedsFirstBytes => _mayBeHttp || _mayBeTls;

    /// <summary>
    /// The stream that takes the connection, or, where the first bytes are needed, the one that takes it if they say
    /// nothing. Null: nobody does.
    /// </summary>
    public StreamRoute? Stream => _stream?.Stream;

    /// <summary>Decides for good. HTTP routes take no TLS: it is not terminated yet.</summary>
    public RouteVerdict Resolve(in FirstBytes firstBytes) => firstBytes.Protocol switch
    {
        SniffedProtocol.Http1 or SniffedProtocol.Http2 when _mayBeHttp => RouteVerdict.Http,
        SniffedProtocol.Tls or SniffedProtocol.Quic when _mayBeTls && firstBytes.Hello is { } hello => new RouteVerdict(false, _table.ForHello(_steered, hello, _stream)),
        _ => new RouteVerdict(false, Stream),
    };
}
