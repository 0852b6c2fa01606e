namespace Everyport.Proxy.Streams;

/// <summary>Why a stream ended.</summary>
internal enum CloseReason
{
    /// <summary>Both sides finished sending.</summary>
    Finished,

    /// <summary>The client's connection broke: a reset or a time-out.</summary>
    ClientAborted,

    /// <summary>The destination's connection broke.</summary>
    DestinationAborted,

    /// <summary>The proxy is stopping.</summary>
    Stopping,
}
