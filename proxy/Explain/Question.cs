using Everyport.Proxy.Sniffing;
using Everyport.Steering.Rules;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Explain;

/// <summary>A connection, flow or request that somebody might make. What is null is left open.</summary>
internal sealed record Question(Protocols Protocol, Endpoint Destination)
{
    /// <summary>The client; null for one that no list of sources names.</summary>
    public Address? Source { get; init; }

    /// <summary>The name that a TLS or QUIC client asks for.</summary>
    public string? Sni { get; init; }

    /// <summary>The protocols that it offers.</summary>
    public IReadOnlyList<string> Alpn { get; init; } = [];

    /// <summary>The <c>Host</c> of a request, with or without a port.</summary>
    public string? Host { get; init; }

    /// <summary>The target of a request, with its query.</summary>
    public string? Path { get; init; }

    public string? Method { get; init; }

    /// <summary>Headers of a request, besides <see cref="Host"/>.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether it says that the client speaks TLS, or QUIC.</summary>
    public bool IsTls => Sni is not null || Alpn.Count > 0;

    /// <summary>Whether it says that the client makes a request.</summary>
    public bool IsRequest => Host is not null || Path is not null || Method is not null || Headers.Count > 0;

    /// <summary>What a peek would find; null where that is left open.</summary>
    public FirstBytes? FirstBytes =>
        IsTls ? new FirstBytes(Protocol == Protocols.Tcp ? SniffedProtocol.Tls : SniffedProtocol.Quic, new ClientHello(Sni, Alpn))
        : IsRequest && Protocol == Protocols.Tcp ? new FirstBytes(SniffedProtocol.Http1)
        : null;

    public override string ToString()
    {
        string?[] parts =
        [
            $"{(Protocol == Protocols.Tcp ? "TCP" : "UDP")} to {Destination}",
            Source is { } source ? $"from {source}" : null,
            IsTls ? $"with {(Protocol == Protocols.Tcp ? "TLS" : "QUIC")}{(Sni is null ? "" : $" for {Sni}")}{(Alpn.Count == 0 ? "" : $" offering {string.Join(", ", Alpn)}")}" : null,
            IsRequest ? $"and the request {Method ?? "GET"} {Path ?? "/"}{(Host is null ? "" : $" for the host {Host}")}{string.Concat(Headers.Select(header => $" with {header.Name}: {header.Value}"))}" : null,
        ];
        return string.Join(' ', parts.OfType<string>());
    }
}
