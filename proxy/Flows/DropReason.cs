namespace Everyport.Proxy.Flows;

/// <summary>Why a datagram was not sent on. The names reach logs and metrics as they are.</summary>
internal enum DropReason
{
    /// <summary>No stream takes it.</summary>
    NoRoute,

    /// <summary>It is what this proxy has sent to a destination: it would go around forever.</summary>
    Loop,

    /// <summary>It is an answer of this proxy to a false source address that the rules steer: it would go back and forth forever.</summary>
    FalseSource,

    /// <summary>So much arrives that no flow could be opened for it: those that are open go first.</summary>
    Overload,

    /// <summary>The beginning of a QUIC hello whose end did not come before those of many others.</summary>
    HelloEvicted,

    /// <summary>As many flows are open as <c>Limits:MaxFlows</c> allows, and none of this thread's could make room.</summary>
    TotalFlows,

    /// <summary>Its source has as many flows as <c>Limits:MaxFlowsPerSource</c> allows.</summary>
    SourceFlows,

    /// <summary>Its source opens flows faster than <c>Limits:NewFlowsPerSecondPerSource</c> allows.</summary>
    SourceRate,

    /// <summary>The stream that takes it has as many flows as its <c>MaxFlows</c> allows.</summary>
    RouteFlows,

    /// <summary>No destination of the cluster is healthy.</summary>
    NoDestination,

    /// <summary>No socket could be opened to any destination.</summary>
    CannotOpen,

    /// <summary>An answer that the kernel does not let us send from the original destination.</summary>
    CannotAnswer,

    /// <summary>An answer beyond what <c>ReplyBudget</c> allows to a client that has not sent again yet.</summary>
    ReplyBudget,

    /// <summary>It does not fit through the next device, not even in fragments.</summary>
    TooLarge,

    /// <summary>The kernel had no room for it on its way out.</summary>
    QueueFull,

    /// <summary>The kernel refused to send it for another reason, a firewall or the lack of a route.</summary>
    SendFailed,
}
