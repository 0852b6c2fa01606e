using Everyport.Proxy.Flows;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Logs;

/// <summary>Tells of one UDP flow that has ended.</summary>
internal readonly struct FlowRecord
{
    /// <summary>The client and the original destination.</summary>
    public required Steered Steered { get; init; }

    public required string Route { get; init; }

    public required string Cluster { get; init; }

    public required string Destination { get; init; }

    /// <summary>The name in the hello of QUIC, where that was read.</summary>
    public string? ServerName { get; init; }

    /// <summary>From the client.</summary>
    public required FlowCount In { get; init; }

    /// <summary>To the client.</summary>
    public required FlowCount Out { get; init; }

    public required TimeSpan Duration { get; init; }

    public required FlowCloseReason Reason { get; init; }

    public TraceId Trace { get; init; }

    public bool IsError => Reason is FlowCloseReason.DestinationUnreachable or FlowCloseReason.CannotAnswer;
}
