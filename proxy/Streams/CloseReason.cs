namespace Everyport.Proxy.Streams;

/// <summary>Why a stream ended. The names reach logs and metrics as they are.</summary>
internal enum CloseReason
{
    /// <summary>Both sides finished sending.</summary>
    Finished,

    /// <summary>The client's connection broke: a reset or a time-out of TCP.</summary>
    ClientAborted,

    /// <summary>The destination's connection broke.</summary>
    DestinationAborted,

    /// <summary>Nothing went either way for as long as <c>IdleTimeout</c> allows.</summary>
    Idle,

    /// <summary>The stream was open for as long as <c>Lifetime</c> allows.</summary>
    LifetimeOver,

    /// <summary>No destination could be reached: each that was tried refused, or was silent for <c>ConnectTimeout</c>.</summary>
    DestinationUnreachable,

    /// <summary>The destination that was tried last was reached, but TLS to it failed, as by a certificate that is not to be trusted.</summary>
    DestinationTlsFailed,

    /// <summary>TLS with the client, which was to end here, failed. No destination has been dialled.</summary>
    ClientTlsFailed,

    /// <summary>No destination of the cluster is healthy.</summary>
    NoDestination,

    /// <summary>The process has no descriptor or memory left for a connection to the destination.</summary>
    OutOfResources,

    /// <summary>The proxy is stopping.</summary>
    Stopping,
}
