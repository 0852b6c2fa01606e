using Everyport.Proxy.Clusters;
using Everyport.Proxy.Connections;

namespace Everyport.Proxy.Streams;

/// <summary>
/// A connection to the destination that was chosen for a stream, which counts there for as long as it is open; or why
/// there is none.
/// </summary>
internal sealed class DialledStream : IDisposable
{
    private bool _isDisposed;

    private DialledStream(DestinationState? destination, UpstreamConnection? upstream, StreamEnd? encrypted, CloseReason failure, int error) =>
        (Destination, Upstream, Encrypted, Failure, Error) = (destination, upstream, encrypted, failure, error);

    public static DialledStream To(DestinationState destination, UpstreamConnection upstream, StreamEnd? encrypted) => new(destination, upstream, encrypted, default, 0);

    public static DialledStream Failed(CloseReason reason, DestinationState? lastTried, int error) => new(lastTried, null, null, reason, error);

    /// <summary>The destination, or the last one that was tried.</summary>
    public DestinationState? Destination { get; }

    /// <summary>The connection, or null.</summary>
    public UpstreamConnection? Upstream { get; }

    /// <summary>The same with TLS, where the destination is reached by that.</summary>
    public StreamEnd? Encrypted { get; }

    /// <summary>Why there is no connection.</summary>
    public CloseReason Failure { get; }

    /// <summary>The last error (errno), or 0.</summary>
    public int Error { get; }

    public void Dispose()
    {
        if (_isDisposed || Upstream is null)
            return;
        _isDisposed = true;
        Encrypted?.Dispose();
        Upstream.Dispose();
        Destination!.Leave();
    }
}
