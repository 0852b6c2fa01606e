using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Dials the stream that would take a client which says nothing, and listens whether its server speaks first: of two
/// ends that both wait for the other, a proxy cannot tell the protocol otherwise.
/// </summary>
internal sealed class EarlyDial(Reactor reactor, StreamDialler dialler, PendingStream pending)
{
    private readonly TaskCompletionSource<DialledStream> _dialled = new();
    private bool _given;

    /// <summary>Whether the server has spoken.</summary>
    public bool ServerSpoke { get; private set; }

    /// <summary>Begins; the client's reader is woken when the server has spoken.</summary>
    public void Start() => _ = RunAsync();

    /// <summary>Gives the connection away, as soon as there is one or it has failed.</summary>
    public async ValueTask<DialledStream> TakeAsync()
    {
        _given = true;
        if (_dialled.Task.IsCompletedSuccessfully)
            _dialled.Task.Result.Upstream?.Socket.WakeReader();
        return await _dialled.Task;
    }

    /// <summary>The connection is not needed: it is closed, now or when the dial has ended.</summary>
    public async void Drop()
    {
        (await TakeAsync()).Dispose();
        pending.Leave();
    }

    private async Task RunAsync()
    {
        var dialled = await dialler.DialAsync(pending);
        _dialled.SetResult(dialled);
        // With TLS, what comes first are tickets for the next session, which say nothing (RFC 8446, section 4.6.1).
        if (dialled.Upstream is not { } upstream || dialled.Encrypted is not null)
            return;
        while (!_given && !ServerSpoke && !upstream.Socket.IsClosed)
        {
            await upstream.Socket.ReadableAsync();
            if (_given)
                return;
            var count = upstream.Socket.Peek(reactor.Buffer[..1]);
            ServerSpoke = count > 0;
            // A server that leaves says nothing about the client.
            if (count <= 0 && count != ReactorSocket.Again)
                return;
        }
        if (ServerSpoke)
            pending.Client.WakeReader();
    }
}
