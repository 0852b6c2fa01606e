namespace Everyport.Proxy.Reactors;

/// <summary>One direction of a socket: whether an operation may succeed, and who waits until it does.</summary>
internal struct SocketWaiter
{
    private Action<object?>? _continuation;
    private object? _state;

    public bool IsReady { get; set; }

    public readonly bool IsAwaited => _continuation is not null;

    public void Wait(Action<object?> continuation, object? state)
    {
        if (_continuation is not null)
            throw new InvalidOperationException("Somebody waits already.");
        (_continuation, _state) = (continuation, state);
    }

    public void Resume()
    {
        IsReady = true;
        if (_continuation is not { } continuation)
            return;
        var state = _state;
        (_continuation, _state) = (null, null);
        continuation(state);
    }

    public void Wake(Reactor reactor)
    {
        IsReady = true;
        if (_continuation is not { } continuation)
            return;
        reactor.Enqueue(continuation, _state);
        (_continuation, _state) = (null, null);
    }
}
