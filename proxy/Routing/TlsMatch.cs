using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Routing;

/// <summary>
/// What a stream asks of a ClientHello: <c>Match:Sni</c>, one of the names, and <c>Match:Alpn</c>, one of the protocols.
/// Either may be left out, and then all match. TLS that ends here is asked for as well.
/// </summary>
internal sealed record TlsMatch(IReadOnlyList<ServerNamePattern> Sni, IReadOnlyList<string> Alpn)
{
    public static TlsMatch Any { get; } = new([], []);

    /// <summary>Whether TLS ends here, so that the destination gets what is said inside.</summary>
    public bool Terminates { get; init; }

    /// <summary>Whether nothing is asked, so that a connection that is not TLS matches as well.</summary>
    public bool IsAny => Sni.Count == 0 && Alpn.Count == 0 && !Terminates;

    /// <summary>Whether one of the protocols that the client offers is asked for.</summary>
    public bool MatchesAlpn(ClientHello hello)
    {
        if (Alpn.Count == 0)
            return true;
        for (var i = 0; i < Alpn.Count; i++)
        {
            for (var j = 0; j < hello.Alpn.Count; j++)
            {
                if (Alpn[i] == hello.Alpn[j])
                    return true;
            }
        }
        return false;
    }
}
