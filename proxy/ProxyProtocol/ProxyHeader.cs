using Everyport.Proxy.Routing;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>What <see cref="ProxyHeaderReader"/> has found at the start of a connection.</summary>
internal readonly record struct ProxyHeader
{
    public ProxyHeaderStatus Status { get; private init; }

    /// <summary>What is wrong; only where it is malformed.</summary>
    public ProxyHeaderError Error { get; private init; }

    /// <summary>The bytes that the header takes up; those of the client follow. Only where it is complete.</summary>
    public int Length { get; private init; }

    /// <summary>
    /// Who connected to the sender, and where. Null where the sender tells nothing of the kind (LOCAL, UNKNOWN, a
    /// Unix socket): then the addresses of the connection itself hold.
    /// </summary>
    public Steered? Addresses { get; private init; }

    /// <summary>Where in the bytes the host name stands that the client asked for, as with SNI; empty where it is not told.</summary>
    public Range Authority { get; init; }

    /// <summary>Where in the bytes the ALPN stands; empty where it is not told.</summary>
    public Range Alpn { get; init; }

    public static ProxyHeader NeedMore => default;

    public static ProxyHeader Malformed(ProxyHeaderError error) => new() { Status = ProxyHeaderStatus.Malformed, Error = error };

    public static ProxyHeader Complete(int length, Steered? addresses) =>
        new() { Status = ProxyHeaderStatus.Complete, Length = length, Addresses = addresses };
}
