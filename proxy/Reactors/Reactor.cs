using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Everyport.Proxy.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Reactors;

/// <summary>
/// A thread that waits for many sockets at once and runs whatever their next step is. All of a connection happens on
/// one reactor: no locks, no hand-over between threads, and one buffer for everybody. Ordinary async methods run on
/// it: after an await of anything they come back to its thread.
/// </summary>
internal sealed partial class Reactor : IDisposable
{
    /// <summary>How much is received by one system call. What moves more at once goes through <see cref="Pipes"/>.</summary>
    public const int BufferSize = 64 * 1024;

    private const ulong WakeId = ulong.MaxValue, ListenerId = ulong.MaxValue - 1;
    private const uint SocketEvents = Syscalls.EpollIn | Syscalls.EpollOut | Syscalls.EpollRdhup | Syscalls.EpollEt;

    private readonly ILogger _logger;
    private readonly Epoll _epoll = new();
    private readonly SafeFileHandle _wake = Syscalls.EventFd(0, Syscalls.EventfdCloexec | Syscalls.EventfdNonblock);
    private readonly ConcurrentQueue<Work> _posted = new();
    private readonly Queue<Work> _queued = new();
    private readonly TimerWheel _timers;
    private readonly SocketSlots _sockets = new();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private readonly Thread _thread;
    [ThreadStatic]
    private static Reactor? _current;

    private Action? _onAcceptable;
    private int _wakeRequested;
    private volatile bool _stopping, _hasEnded;

    public Reactor(int number, ILogger<Reactor> logger)
    {
        (Number, _logger) = (number, logger);
        _timers = new TimerWheel(Environment.TickCount64, Failed);
        _epoll.Add(_wake, WakeId);
        _thread = new Thread(Run) { Name = $"reactor {number}", IsBackground = true };
    }

    /// <summary>The reactor whose thread this is, if any.</summary>
    public static Reactor? Current => _current;

    /// <summary>From 0, for those who keep something for each reactor.</summary>
    public int Number { get; }

    /// <summary>Whether this is its thread.</summary>
    public bool IsCurrent => _current == this;

    /// <summary>How often it has waited for sockets so far.</summary>
    public long TurnNumber { get; private set; }

    /// <summary>Milliseconds of a clock that never goes back; as of the last time that the reactor looked.</summary>
    public long Now { get; private set; } = Environment.TickCount64;

    /// <summary>Whether every connection is being closed because the proxy ends.</summary>
    public bool IsStopping => _stopping;

    /// <summary>For one operation at a time: nothing in it survives an await.</summary>
    public Span<byte> Buffer => _buffer;

    /// <summary>For those that move much.</summary>
    public SplicePipes Pipes { get; } = new();

    public void Start() => _thread.Start();

    /// <summary>
    /// Calls back while a listening socket that several reactors share may have connections.
    /// </summary>
    public void Listen(SafeHandle listener, Action onAcceptable)
    {
        _onAcceptable = onAcceptable;
        _epoll.Add(listener, ListenerId, Syscalls.EpollIn | Syscalls.EpollExclusive);
    }

    /// <summary>Calls back no longer; a listening socket that nobody accepts from would be told of again and again.</summary>
    public void StopListening(SafeHandle listener) => _epoll.Remove(listener);

    /// <summary>
    /// Takes over a connected, non-blocking socket and watches it. Null, and the descriptor is closed, where the kernel
    /// refuses.
    /// </summary>
    public ReactorSocket? Adopt(int descriptor)
    {
        var socket = Own(descriptor);
        return TryWatch(socket) ? socket : null;
    }

    /// <summary>Takes over a connected, non-blocking socket that is not watched yet.</summary>
    public ReactorSocket Own(int descriptor)
    {
        var socket = new ReactorSocket(this, descriptor);
        socket.Assume();
        return socket;
    }

    /// <summary>Opens a TCP socket that is not watched yet, or returns a negative error.</summary>
    public int Open(bool ipv6, out ReactorSocket? socket)
    {
        var descriptor = Syscalls.SocketDescriptor(
            ipv6 ? Syscalls.AfInet6 : Syscalls.AfInet, Syscalls.SockStream | Syscalls.SockNonblock | Syscalls.SockCloexec, 0);
        socket = descriptor < 0 ? null : new ReactorSocket(this, descriptor);
        return descriptor < 0 ? -Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>
    /// Begins to watch a socket; of one that is neither connected nor connecting the kernel would tell that it hangs up.
    /// False, and the socket is closed, where the kernel refuses.
    /// </summary>
    public bool TryWatch(ReactorSocket socket)
    {
        if (!_stopping && _epoll.TryAdd(socket, _sockets.Add(socket), SocketEvents))
            return true;
        socket.Dispose();
        return false;
    }

    /// <summary>Starts a timer that ends in so many milliseconds.</summary>
    public void StartTimer(ReactorTimer timer, long milliseconds) => _timers.Start(timer, Now + milliseconds);

    public void StopTimer(ReactorTimer timer) => _timers.Stop(timer);

    /// <summary>Runs something on the reactor's thread: now, where this is it, or else soon.</summary>
    public void Run(Action<object?> action, object? state)
    {
        if (IsCurrent)
            action(state);
        else
            Post(action, state);
    }

    /// <summary>Runs something on the reactor's thread soon; with <see cref="Run(Action{object?}, object?)"/> the only method for other threads.</summary>
    public void Post(Action<object?> action, object? state)
    {
        _posted.Enqueue(new Work(action, state));
        if (_hasEnded)
            LeaveToOthers();
        else
            WakeUp();
    }

    /// <summary>
    /// As <see cref="Post"/>, for what has time until the reactor wakes for another reason. Whether there has been one already the caller
    /// sees afterwards, and calls <see cref="WakeUp"/>: the reactor looks for it after all that it does, and before it waits.
    /// </summary>
    public void PostQuietly(Action<object?> action, object? state)
    {
        _posted.Enqueue(new Work(action, state));
        if (_hasEnded)
            LeaveToOthers();
        Interlocked.MemoryBarrier();
    }

    /// <summary>Has the reactor run what has been posted.</summary>
    public void WakeUp()
    {
        if (Interlocked.Exchange(ref _wakeRequested, 1) == 0)
            Wake();
    }

    /// <summary>As <see cref="Post"/>, from the reactor's own thread.</summary>
    public void Enqueue(Action<object?> action, object? state) => _queued.Enqueue(new Work(action, state));

    /// <summary>Comes to the reactor's thread, from whichever.</summary>
    public ReactorEntry Enter() => new(this);

    /// <summary>Lets everybody else have a turn.</summary>
    public ReactorYield Yield() => new(this);

    /// <summary>Breaks every connection and ends the thread.</summary>
    public void Dispose()
    {
        if (_hasEnded)
            return;
        _stopping = true;
        Wake();
        if (_thread.IsAlive)
            _thread.Join();
        _hasEnded = true;
        LeaveToOthers();
        _wake.Dispose();
        _epoll.Dispose();
        Pipes.Dispose();
    }

    /// <summary>A socket is closed.</summary>
    internal void Forget(ReactorSocket socket) => _sockets.Remove(socket);

    private void Run()
    {
        _current = this;
        SynchronizationContext.SetSynchronizationContext(new ReactorContext(this));
        while (!_stopping)
            Turn();

        // What waits for a socket wakes, finds it closed, and ends.
        foreach (var socket in _sockets.All())
            socket.Reset();
        while (_queued.Count > 0 || !_posted.IsEmpty)
            RunQueued();
    }

    private void Turn()
    {
        Interlocked.MemoryBarrier(); // for those who post quietly
        var count = _epoll.Wait(_queued.Count > 0 || !_posted.IsEmpty ? 0 : _timers.UntilNext(Environment.TickCount64));
        Now = Environment.TickCount64;
        TurnNumber++;
        for (var i = 0; i < count; i++)
        {
            var id = _epoll.Id(i);
            if (id == ListenerId)
                Guarded(static state => ((Action)state!)(), _onAcceptable);
            else if (id == WakeId)
                ClearWake();
            else if (_sockets.Find(id) is { } socket)
                OnEvents(socket, _epoll.Events(i));
        }
        _timers.Advance(Now);
        RunQueued();
    }

    private void OnEvents(ReactorSocket socket, uint events)
    {
        try
        {
            socket.OnEvents(events);
        }
        catch (Exception e)
        {
            Failed(e);
        }
    }

    /// <summary>Runs what is queued now; what that queues in turn waits until sockets had their turn.</summary>
    private void RunQueued()
    {
        for (var count = _posted.Count; count > 0 && _posted.TryDequeue(out var work); count--)
            Guarded(work.Action, work.State);
        for (var count = _queued.Count; count > 0; count--)
        {
            var work = _queued.Dequeue();
            Guarded(work.Action, work.State);
        }
    }

    /// <summary>A mistake in one step must not end the thread that serves everybody.</summary>
    private void Guarded(Action<object?> action, object? state)
    {
        try
        {
            action(state);
        }
        catch (Exception e)
        {
            Failed(e);
        }
    }

    /// <summary>Async methods that come back when the thread has ended find their sockets closed, wherever they go on.</summary>
    private void LeaveToOthers()
    {
        while (_posted.TryDequeue(out var work))
            ThreadPool.UnsafeQueueUserWorkItem(static step => step.Reactor.Guarded(step.Work.Action, step.Work.State), (Reactor: this, Work: work), preferLocal: false);
    }

    private unsafe void Wake()
    {
        ulong one = 1;
        try
        {
            _ = Syscalls.Write(_wake, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            LeaveToOthers(); // it ended in between
        }
    }

    private unsafe void ClearWake()
    {
        ulong ignored;
        _ = Syscalls.Read(_wake, &ignored, sizeof(ulong));
        // From here on who posts wakes again; what was posted before is run in this turn.
        Volatile.Write(ref _wakeRequested, 0);
        Interlocked.MemoryBarrier();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection ended with an unexpected error")]
    private partial void Failed(Exception exception);

    private readonly record struct Work(Action<object?> Action, object? State);
}
