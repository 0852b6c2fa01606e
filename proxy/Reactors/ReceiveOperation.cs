namespace Everyport.Proxy.Reactors;

/// <summary>What a <see cref="ReactorStream"/> reads.</summary>
internal sealed class ReceiveOperation(Reactor reactor, ReactorSocket socket) : SocketOperation(reactor)
{
    private Memory<byte> _buffer;

    // Somebody may have peeked: then the socket counts as not ready, though bytes are there.
    private bool _isUntouched = true;

    public ValueTask<int> StartAsync(Memory<byte> buffer, CancellationToken cancelled)
    {
        _buffer = buffer;
        if (!TryStart(cancelled, out var result))
            return new ValueTask<int>(this, Version);
        _buffer = default;
        return result >= 0 ? new ValueTask<int>(result) : ValueTask.FromException<int>(ReactorStream.ErrorOf(result));
    }

    protected override int Attempt() => _buffer.IsEmpty ? Look() : socket.Receive(_buffer.Span);

    protected override bool TryWait(Action<object?> continuation, object? state) => socket.TryWaitReadable(continuation, state);

    protected override void Wake() => socket.WakeReader();

    /// <summary>Whether there is something to receive, or an end: 0, or what is in the way.</summary>
    private int Look()
    {
        if (!socket.IsReadable && !_isUntouched)
            return ReactorSocket.Again;
        _isUntouched = false;
        Span<byte> one = stackalloc byte[1];
        return Math.Min(socket.Peek(one), 0);
    }
}
