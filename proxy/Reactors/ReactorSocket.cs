using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Everyport.Proxy.Kernel;

namespace Everyport.Proxy.Reactors;

/// <summary>
/// A socket that belongs to a <see cref="Reactor"/>: only its thread may use it. Operations never wait: where the
/// kernel has nothing they return <see cref="Again"/>, and <see cref="ReadableAsync"/> or
/// <see cref="WritableAsync"/> waits, at most one waiter for each. Errors are numbers, not exceptions: on the open
/// internet a broken connection is nothing exceptional.
/// </summary>
internal sealed unsafe partial class ReactorSocket : SafeHandle, IValueTaskSource
{
    /// <summary>What operations return where they would have to wait.</summary>
    public const int Again = -Syscalls.EAGAIN;

    private const short Reading = 0, Writing = 1;

    private readonly Reactor _reactor;
    private SocketWaiter _reader, _writer;
    private bool _hungUp;

    internal ReactorSocket(Reactor reactor, int descriptor) : base(-1, ownsHandle: true)
    {
        _reactor = reactor;
        SetHandle(descriptor);
    }

    public override bool IsInvalid => handle < 0;

    /// <summary>Where the reactor keeps it.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>Bytes that were received, other than by pipes.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Bytes that were sent, other than by pipes.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Whether the other side has sent its end, or the connection has broken: nothing more than what is there will come.</summary>
    public bool HasHungUp => _hungUp;

    /// <summary>Whether there may be something to receive.</summary>
    public bool IsReadable => _reader.IsReady || IsClosed;

    /// <summary>Whether somebody waits for something to receive.</summary>
    public bool IsAwaited => _reader.IsAwaited;

    /// <summary>
    /// Whether the connection has broken. The kernel tells of that only once, to whoever asks first; what is received
    /// afterwards looks like an end.
    /// </summary>
    public bool IsBroken { get; private set; }

    /// <summary>Told on the reactor's thread when the connection has broken, whoever waits for what.</summary>
    public IBreakable? Owner { get; set; }

    /// <summary>Completes when there may be something to receive, or when somebody called <see cref="WakeReader"/>.</summary>
    public ValueTask ReadableAsync() => _reader.IsReady || IsClosed ? default : new ValueTask(this, Reading);

    /// <summary>Completes when there may be room to send, or a connection is made or refused.</summary>
    public ValueTask WritableAsync() => _writer.IsReady || IsClosed ? default : new ValueTask(this, Writing);

    /// <summary>As <see cref="ReadableAsync"/>, by a call; false, and nothing is called, where an attempt is worth it now.</summary>
    public bool TryWaitReadable(Action<object?> continuation, object? state) => TryWait(ref _reader, continuation, state);

    /// <summary>As <see cref="WritableAsync"/>, by a call; false, and nothing is called, where an attempt is worth it now.</summary>
    public bool TryWaitWritable(Action<object?> continuation, object? state) => TryWait(ref _writer, continuation, state);

    /// <summary>Has the reader look again, though nothing may have come. Runs it later, not now.</summary>
    public void WakeReader() => _reader.Wake(_reactor);

    /// <summary>Has the writer look again.</summary>
    public void WakeWriter() => _writer.Wake(_reactor);

    /// <summary>Receives: the number of bytes, 0 at the end, or a negative error.</summary>
    public int Receive(Span<byte> buffer) => Receive(buffer, 0);

    /// <summary>As <see cref="Receive(Span{byte})"/>, but the bytes stay.</summary>
    public int Peek(Span<byte> buffer) => Receive(buffer, Syscalls.MsgPeek);

    /// <summary>Sends: the number of bytes that the kernel took, or a negative error.</summary>
    public int Send(ReadOnlySpan<byte> data)
    {
        if (IsClosed)
            return -Syscalls.ECANCELED;
        nint sent;
        fixed (byte* bytes = data)
            sent = Syscalls.Send(this, bytes, (nuint)data.Length, Syscalls.MsgDontwait | Syscalls.MsgNosignal);
        if (sent < 0)
            return Failure(ref _writer);
        BytesSent += sent;
        if (sent < data.Length)
            _writer.IsReady = false;
        return (int)sent;
    }

    /// <summary>Receives into a pipe: the number of bytes, 0 at the end, or a negative error.</summary>
    public int ReceiveInto(SplicePipe pipe)
    {
        if (IsClosed)
            return -Syscalls.ECANCELED;
        var received = Syscalls.Splice(this, 0, pipe.Write, 0, (nuint)SplicePipe.Size, Syscalls.SpliceMove | Syscalls.SpliceNonblock);
        if (received < 0)
            return Failure(ref _reader);
        pipe.Length += (int)received;
        return (int)received;
    }

    /// <summary>Sends what is in a pipe: the number of bytes that the kernel took, or a negative error.</summary>
    public int SendFrom(SplicePipe pipe)
    {
        if (IsClosed)
            return -Syscalls.ECANCELED;
        var sent = Syscalls.Splice(pipe.Read, 0, this, 0, (nuint)pipe.Length, Syscalls.SpliceMove | Syscalls.SpliceNonblock);
        if (sent < 0)
            return Failure(ref _writer);
        pipe.Length -= (int)sent;
        return (int)sent;
    }

    /// <summary>Tells the other side that nothing more comes.</summary>
    public void ShutdownSend()
    {
        if (!IsClosed)
            _ = Syscalls.Shutdown(this, Syscalls.ShutWr);
    }

    /// <summary>The error that the connection has met since the last time it was asked, or 0.</summary>
    public int TakeError()
    {
        int error;
        uint length = sizeof(int);
        return IsClosed ? Syscalls.ECANCELED : Syscalls.GetOption(this, Syscalls.SolSocket, Syscalls.SoError, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    public void SetOption(int level, int name, int value)
    {
        if (!IsClosed)
            _ = Syscalls.SetOption(this, level, name, &value, sizeof(int));
    }

    /// <summary>Starts to connect: 0 or a negative error; <c>EINPROGRESS</c> is to be expected.</summary>
    public int Connect(Routing.Endpoint destination) => WithAddress(destination, &Syscalls.Connect);

    /// <summary>Binds: 0 or a negative error.</summary>
    public int Bind(Routing.Endpoint local) => WithAddress(local, &Syscalls.Bind);

    /// <summary>Closes with a reset: the other side sees a break, not an end.</summary>
    public void Reset()
    {
        if (IsClosed)
            return;
        var linger = new Syscalls.Linger { On = 1, Seconds = 0 };
        _ = Syscalls.SetOption(this, Syscalls.SolSocket, Syscalls.SoLinger, &linger, (uint)sizeof(Syscalls.Linger));
        Dispose();
    }

    /// <summary>Takes the first attempt in both directions for worth its system call.</summary>
    internal void Assume() => (_reader.IsReady, _writer.IsReady) = (true, true);

    /// <summary>What epoll tells, or that the reactor stops.</summary>
    internal void OnEvents(uint events)
    {
        const uint ends = Syscalls.EpollHup | Syscalls.EpollErr;
        if ((events & (ends | Syscalls.EpollRdhup)) != 0)
            _hungUp = true;
        if ((events & Syscalls.EpollErr) != 0)
        {
            IsBroken = true;
            Owner?.OnBroken(this);
        }
        else if ((events & Syscalls.EpollRdhup) != 0)
        {
            Owner?.OnEnded(this);
        }
        if ((events & (Syscalls.EpollIn | Syscalls.EpollRdhup | ends)) != 0)
            _reader.Resume();
        if ((events & (Syscalls.EpollOut | ends)) != 0)
            _writer.Resume();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !IsClosed)
        {
            _reactor.Forget(this);
            base.Dispose(disposing);
            WakeAll();
            return;
        }
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle() => Syscalls.Close(handle) == 0;

    private bool TryWait(ref SocketWaiter waiter, Action<object?> continuation, object? state)
    {
        if (waiter.IsReady || IsClosed)
            return false;
        waiter.Wait(continuation, state);
        return true;
    }

    private void WakeAll()
    {
        _reader.Wake(_reactor);
        _writer.Wake(_reactor);
    }

    private int Receive(Span<byte> buffer, int flags)
    {
        if (IsClosed)
            return -Syscalls.ECANCELED;
        nint received;
        fixed (byte* bytes = buffer)
            received = Syscalls.Receive(this, bytes, (nuint)buffer.Length, flags | Syscalls.MsgDontwait);
        if (received < 0)
            return Failure(ref _reader);
        if (flags == 0)
            BytesReceived += received;
        // Where it was less than asked for, the socket is empty now, and epoll will tell of what comes; of an end that it has told of it will not.
        // Where it was not, there may be more, of which epoll has told already: to somebody who peeked, perhaps.
        if (received > 0 && !_hungUp)
            _reader.IsReady = received == buffer.Length;
        return (int)received;
    }

    private int Failure(ref SocketWaiter waiter)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error == Syscalls.EAGAIN)
            waiter.IsReady = false;
        else
            IsBroken = true;
        return -error;
    }

    private int WithAddress(Routing.Endpoint endpoint, delegate*<SafeHandle, byte*, uint, int> call)
    {
        if (IsClosed)
            return -Syscalls.ECANCELED;
        var address = stackalloc byte[SocketAddress.MaxSize];
        var size = SocketAddress.Write(endpoint, new Span<byte>(address, SocketAddress.MaxSize));
        return call(this, address, (uint)size) == 0 ? 0 : -Marshal.GetLastPInvokeError();
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) =>
        IsClosed || (token == Reading ? _reader : _writer).IsReady ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        (token == Reading ? ref _reader : ref _writer).Wait(continuation, state);

    void IValueTaskSource.GetResult(short token)
    {
    }
}
