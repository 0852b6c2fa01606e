namespace Everyport.Proxy.Reactors;

/// <summary>What a <see cref="ReactorStream"/> writes.</summary>
internal sealed class SendOperation(Reactor reactor, ReactorSocket socket, bool dropsUnsendable) : SocketOperation(reactor)
{
    private readonly OutgoingBytes _rest = new();

    /// <summary>How many bytes the last write has left, as it was cancelled or has failed.</summary>
    public long Unsent => _rest.Length;

    public ValueTask StartAsync(ReadOnlyMemory<byte> data, CancellationToken cancelled)
    {
        _rest.Clear();
        _rest.Add(data);
        return StartAsync(cancelled);
    }

    public ValueTask StartAsync(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, CancellationToken cancelled)
    {
        _rest.Clear();
        foreach (var piece in pieces)
            _rest.Add(piece);
        return StartAsync(cancelled);
    }

    private ValueTask StartAsync(CancellationToken cancelled)
    {
        if (!IsOnReactor && TrySendFromHere())
            return default;
        if (!TryStart(cancelled, out var result))
            return new ValueTask(this, Version);
        return result >= 0 ? default : ValueTask.FromException(ReactorStream.ErrorOf(result));
    }

    protected override int Attempt()
    {
        while (!_rest.IsEmpty)
        {
            var sent = socket.Send(_rest.Pieces);
            if (sent == ReactorSocket.Again || sent < 0 && !dropsUnsendable)
                return sent;
            if (sent < 0)
            {
                // It has taken the error that epoll would have told.
                socket.Owner?.OnBroken(socket);
                break;
            }
            _rest.Advance(sent);
        }
        _rest.Clear();
        return 0;
    }

    protected override bool TryWait(Action<object?> continuation, object? state) => socket.TryWaitWritable(continuation, state);

    protected override void Wake() => socket.WakeWriter();

    /// <summary>
    /// The thread pool, where requests over HTTP/2 run, needs no change of thread to send what the kernel takes at once. The rest, and whatever
    /// goes wrong, is left to the reactor, which alone knows the state of its socket.
    /// </summary>
    private bool TrySendFromHere()
    {
        if (socket.SendFromElsewhere(_rest.Pieces) is var sent and > 0)
            _rest.Advance(sent);
        return _rest.IsEmpty;
    }
}
