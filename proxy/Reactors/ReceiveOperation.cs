namespace Everyport.Proxy.Reactors;

/// <summary>What a <see cref="ReactorStream"/> reads.</summary>
internal sealed class ReceiveOperation(Reactor reactor, ReactorSocket socket) : SocketOperation(reactor)
{
    private Memory<byte> _buffer;

    // Somebody may have peeked: then the socket counts as not ready, though bytes are there.
    private bool _isUntouched = true;

    private bool _hasWaited;

    public ValueTask<int> StartAsync(Memory<byte> buffer, CancellationToken cancelled)
    {
        (_buffer, _hasWaited) = (buffer, false);
        if (!TryStart(cancelled, out var result))
            return new ValueTask<int>(this, Version);
        _buffer = default;
        return result >= 0 ? new ValueTask<int>(result) : ValueTask.FromException<int>(ReactorStream.ErrorOf(result));
    }

    // Each attempt in vain is a system call, for every request: where the socket is known to be empty, none is made.
    protected override bool IsWorthAnAttempt => _isUntouched || socket.IsReadable;

    protected override int Attempt()
    {
        if (!IsWorthAnAttempt)
            return ReactorSocket.Again;
        _isUntouched = false;
        return _buffer.IsEmpty ? Look() : socket.Receive(_buffer.Span);
    }

    protected override bool TryWait(Action<object?> continuation, object? state) => _hasWaited = socket.TryWaitReadable(continuation, state);

    protected override void Wake() => socket.WakeReader();

    /// <summary>Whether there is something to receive, or an end: 0, or what is in the way.</summary>
    private int Look()
    {
        // Whoever has waited was woken for a reason; one that proves void only has the read that follows wait.
        if (_hasWaited)
            return 0;
        Span<byte> one = stackalloc byte[1];
        return Math.Min(socket.Peek(one), 0);
    }
}
