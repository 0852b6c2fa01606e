using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>An entry of <c>Streams</c>: TCP connections or UDP flows that go to the destinations of a cluster unread, or without their TLS.</summary>
internal sealed record StreamRoute(
    string Name,
    int Order,
    Protocols Protocol,
    DestinationMatch Match,
    string ClusterId,
    IReadOnlyList<StreamDestination> Destinations)
{
    /// <summary>What it asks of TLS; where it asks anything, it takes nothing else.</summary>
    public TlsMatch Tls { get; init; } = TlsMatch.Any;

    public StreamSettings Settings { get; init; } = new();

    /// <summary>
    /// Takes what no other route does: a TCP stream that names neither addresses nor ports and asks nothing of TLS comes
    /// after all HTTP routes, for what turns out not to be HTTP.
    /// </summary>
    public bool IsCatchAll => Protocol == Protocols.Tcp && Match.IsAnyDestination && Tls.IsAny;
}
