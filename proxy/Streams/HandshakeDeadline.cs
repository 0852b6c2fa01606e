using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>Breaks a connection on which a handshake takes too long.</summary>
internal sealed class HandshakeDeadline : ReactorTimer, IDisposable
{
    private readonly Reactor _reactor;
    private readonly ReactorSocket _socket;
    private readonly CancellationTokenSource _over = new();

    public HandshakeDeadline(Reactor reactor, ReactorSocket socket, TimeSpan timeout)
    {
        (_reactor, _socket) = (reactor, socket);
        reactor.StartTimer(this, (long)timeout.TotalMilliseconds);
    }

    /// <summary>Tells that it was the time.</summary>
    public CancellationToken Token => _over.Token;

    public override void OnDeadline()
    {
        _over.Cancel();
        _socket.Reset();
    }

    public void Dispose()
    {
        _reactor.StopTimer(this);
        _over.Dispose();
    }
}
