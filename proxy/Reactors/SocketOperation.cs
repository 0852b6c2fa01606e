using System.Threading.Tasks.Sources;

namespace Everyport.Proxy.Reactors;

/// <summary>
/// One direction of a <see cref="ReactorStream"/>, one operation at a time: an attempt on the reactor's thread, and
/// another whenever the socket may be ready. Allocates nothing for an operation.
/// </summary>
internal abstract class SocketOperation : IValueTaskSource<int>, IValueTaskSource
{
    /// <summary>So often an operation may succeed in a row, without a turn for the other sockets of the reactor.</summary>
    private const int MostInARow = 16;

    private static readonly Action<object?> ProceedLater = static operation => ((SocketOperation)operation!).Proceed();

    private readonly Reactor _reactor;
    private ManualResetValueTaskSourceCore<int> _source;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;
    private volatile bool _isCancelled;
    private long _turn;
    private int _inARow;

    protected SocketOperation(Reactor reactor) => _reactor = reactor;

    /// <summary>Does what can be done now: a result, <see cref="ReactorSocket.Again"/>, or a negative error.</summary>
    protected abstract int Attempt();

    /// <summary>Whether an attempt may succeed now, as far as can be seen from another thread.</summary>
    protected virtual bool IsWorthAnAttempt => true;

    /// <summary>Calls when another attempt is worth it; false where that is now.</summary>
    protected abstract bool TryWait(Action<object?> continuation, object? state);

    /// <summary>Has whoever waits look again.</summary>
    protected abstract void Wake();

    /// <summary>The result, where it is there at once; otherwise the operation goes on by itself.</summary>
    protected bool TryStart(CancellationToken cancelled, out int result)
    {
        result = 0;
        var isOurs = _reactor.IsCurrent;
        var mayGoOn = isOurs && MayGoOn();
        if (mayGoOn && (result = Attempt()) != ReactorSocket.Again)
            return true;

        _source.Reset();
        _isCancelled = false;
        _cancellation = cancelled;
        if (cancelled.CanBeCanceled)
            _registration = cancelled.UnsafeRegister(static operation => ((SocketOperation)operation!).Cancel(), this);
        if (mayGoOn)
            Wait();
        else if (isOurs)
            _reactor.Enqueue(ProceedLater, this);
        else
            Leave();
        return false;
    }

    protected bool IsOnReactor => _reactor.IsCurrent;

    /// <summary>For the task of the operation that has been started.</summary>
    protected short Version => _source.Version;

    /// <summary>Gives it to the reactor, which need not wake only to find that there is nothing to do.</summary>
    private void Leave()
    {
        _reactor.PostQuietly(ProceedLater, this);
        if (IsWorthAnAttempt)
            _reactor.WakeUp();
    }

    private bool MayGoOn()
    {
        if (_turn != _reactor.TurnNumber)
            (_turn, _inARow) = (_reactor.TurnNumber, 0);
        return ++_inARow < MostInARow;
    }

    private void Proceed()
    {
        var result = _isCancelled ? ReactorSocket.Again : Attempt();
        if (result != ReactorSocket.Again)
            Complete(result, null);
        else if (_isCancelled)
            Complete(0, new OperationCanceledException(_cancellation));
        else
            Wait();
    }

    private void Wait()
    {
        if (!TryWait(ProceedLater, this))
            Proceed(); // it is closed
    }

    /// <summary>Ends an operation that waits; one that does not is left alone. From any thread.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        _reactor.Run(static operation => ((SocketOperation)operation!).Wake(), this);
    }

    private void Complete(int result, Exception? exception)
    {
        _registration.Dispose();
        _registration = default;
        if (exception is null && result < 0)
            exception = ReactorStream.ErrorOf(result);

        // What follows is not ours: with a context, each of its awaits that asks for none would go on on the thread pool
        // instead of here, and come back by a system call. 'loadtest/bench.sh http' shows it in its rows of HTTP/1.1.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        if (exception is null)
            _source.SetResult(result);
        else
            _source.SetException(exception);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        // It completes on the reactor's thread, where whoever awaits it there wants to go on.
        if (_reactor.IsCurrent)
            flags &= ~ValueTaskSourceOnCompletedFlags.UseSchedulingContext;
        _source.OnCompleted(continuation, state, token, flags);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public int GetResult(short token) => _source.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);
}
