using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Http.Transport;

/// <summary>
/// Closes a connection so that the last answer arrives: to close while the client still sends would break the
/// connection, and the client might never see why (RFC 9112, section 9.6). So our end is sent first, and what comes is
/// dropped, until the client's end or for <see cref="Timeout"/>.
/// </summary>
internal sealed class LingeringClose(Reactor reactor, ReactorSocket socket) : ReactorTimer
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _ended = new();

    /// <summary>Completes when the socket is closed.</summary>
    public ValueTask EndedAsync() => new(_ended.Task);

    /// <summary>Begins. On the reactor.</summary>
    public void Start()
    {
        if (socket.IsClosed || socket.IsBroken || socket.IsAwaited)
        {
            End();
            return;
        }
        socket.ShutdownSend();
        reactor.StartTimer(this, (long)Timeout.TotalMilliseconds);
        _ = DrainAsync();
    }

    public override void OnDeadline() => socket.Dispose();

    private async Task DrainAsync()
    {
        while (true)
        {
            var received = socket.Receive(reactor.Buffer);
            if (received == ReactorSocket.Again)
                await socket.ReadableAsync();
            else if (received <= 0)
                break;
            else
                await reactor.Yield(); // who sends without end shall not keep the reactor from others, and from the timer
        }
        End();
    }

    private void End()
    {
        reactor.StopTimer(this);
        socket.Dispose();
        _ended.TrySetResult();
    }
}
