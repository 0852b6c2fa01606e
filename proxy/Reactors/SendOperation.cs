namespace Everyport.Proxy.Reactors;

/// <summary>What a <see cref="ReactorStream"/> writes.</summary>
internal sealed class SendOperation(Reactor reactor, ReactorSocket socket, bool dropsUnsendable) : SocketOperation(reactor)
{
    private ReadOnlyMemory<byte> _rest;

    public ValueTask StartAsync(ReadOnlyMemory<byte> data, CancellationToken cancelled)
    {
        _rest = data;
        if (!TryStart(cancelled, out var result))
            return new ValueTask(this, Version);
        return result >= 0 ? default : ValueTask.FromException(ReactorStream.ErrorOf(result));
    }

    protected override int Attempt()
    {
        while (!_rest.IsEmpty)
        {
            var sent = socket.Send(_rest.Span);
            if (sent == ReactorSocket.Again || sent < 0 && !dropsUnsendable)
                return sent;
            if (sent < 0)
            {
                // It has taken the error that epoll would have told.
                socket.Owner?.OnBroken(socket);
                break;
            }
            _rest = _rest[sent..];
        }
        _rest = default;
        return 0;
    }

    protected override bool TryWait(Action<object?> continuation, object? state) => socket.TryWaitWritable(continuation, state);

    protected override void Wake() => socket.WakeWriter();
}
