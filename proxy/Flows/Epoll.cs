using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Flows;

/// <summary>Waits until one of many sockets has something to read; see epoll(7).</summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int MaxEvents = 256;

    // struct epoll_event is packed on x86-64, and only there.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(ulong);

    private readonly SafeFileHandle _epoll;
    private readonly byte[] _events = GC.AllocateArray<byte>(MaxEvents * EventSize, pinned: true);
    private readonly ulong[] _ready = new ulong[MaxEvents];

    public Epoll()
    {
        _epoll = UdpSyscalls.EpollCreate(UdpSyscalls.EpollCloexec);
        if (_epoll.IsInvalid)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Watches a file descriptor; <paramref name="id"/> is what <see cref="Wait"/> says when it is readable.</summary>
    public void Add(SafeHandle fd, ulong id)
    {
        Span<byte> ev = stackalloc byte[16];
        ev.Clear();
        MemoryMarshal.Write(ev, UdpSyscalls.EpollIn);
        MemoryMarshal.Write(ev[DataOffset..], id);
        fixed (byte* bytes = ev)
        {
            if (UdpSyscalls.EpollControl(_epoll, UdpSyscalls.EpollCtlAdd, fd, bytes) < 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>The ids of readable file descriptors; none after the time-out.</summary>
    public ReadOnlySpan<ulong> Wait(TimeSpan timeout)
    {
        fixed (byte* events = _events)
        {
            var count = UdpSyscalls.EpollWait(_epoll, events, MaxEvents, (int)timeout.TotalMilliseconds);
            for (var i = 0; i < count; i++)
                _ready[i] = MemoryMarshal.Read<ulong>(_events.AsSpan(i * EventSize + DataOffset));
            return _ready.AsSpan(0, Math.Max(0, count));
        }
    }

    public void Dispose() => _epoll.Dispose();
}
