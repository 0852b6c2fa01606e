using Everyport.Proxy.Routing;
using Everyport.Proxy.Streams;

namespace Everyport.Proxy.Logs;

/// <summary>Tells of one stream that has ended, or that never got as far as its destination.</summary>
internal readonly struct StreamRecord
{
    /// <summary>The client and the original destination.</summary>
    public required Steered Steered { get; init; }

    public required string Route { get; init; }

    public required string Cluster { get; init; }

    /// <summary>The destination, or the last one that was tried.</summary>
    public string? Destination { get; init; }

    /// <summary>The name that the client asked for by TLS, where it was listened to.</summary>
    public string? ServerName { get; init; }

    /// <summary>Bytes that came from the client and that the destination has taken.</summary>
    public required long BytesIn { get; init; }

    /// <summary>The same in the other direction.</summary>
    public required long BytesOut { get; init; }

    public required TimeSpan Duration { get; init; }

    public required CloseReason Reason { get; init; }

    public TraceId Trace { get; init; }

    /// <summary>Whether something failed that is not the client's own affair.</summary>
    public bool IsError => Reason is CloseReason.DestinationAborted or CloseReason.DestinationUnreachable or CloseReason.DestinationTlsFailed
        or CloseReason.ClientTlsFailed or CloseReason.NoDestination or CloseReason.OutOfResources;
}
