namespace Everyport.Proxy.Flows;

/// <summary>Why a flow ended. The names reach logs and metrics as they are.</summary>
internal enum FlowCloseReason
{
    /// <summary>No datagram went either way for as long as <c>IdleTimeout</c> allows.</summary>
    Idle,

    /// <summary>Each query of a flow with <c>SingleExchange</c> has its answer.</summary>
    Answered,

    /// <summary>Another flow needed its place: <c>Limits:MaxFlows</c> or the descriptors were used up, and it was idle for longest.</summary>
    Evicted,

    /// <summary>The destination, or the way to it, refuses: ICMP said so.</summary>
    DestinationUnreachable,

    /// <summary>There was an answer, but the kernel does not let us send from the original destination.</summary>
    CannotAnswer,

    /// <summary>A socket of our own has got the address of its client, who is gone, therefore.</summary>
    AddressReused,

    /// <summary>The proxy is stopping.</summary>
    Stopping,
}
