using System.Net.Security;
using System.Security.Authentication;

namespace Everyport.Proxy.Tls.Upstream;

/// <summary>What differs from one connection of a cluster to the next.</summary>
/// <param name="Host">The host of the destination's address.</param>
/// <param name="Port">Its port, for messages.</param>
/// <param name="ClientsName">The name that the client asks for, where it asks for one.</param>
internal sealed record UpstreamHandshake(string Host, int Port, string? ClientsName)
{
    /// <summary>The protocols to offer inside (ALPN), best first.</summary>
    public List<SslApplicationProtocol>? Protocols { get; init; }

    /// <summary>The versions of TLS; none for those of the system.</summary>
    public SslProtocols Versions { get; init; }

    /// <summary>Whether any certificate will do.</summary>
    public bool AcceptsAny { get; init; }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
