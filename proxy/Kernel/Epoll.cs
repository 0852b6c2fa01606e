using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Kernel;

/// <summary>Waits until something happens to one of many sockets; see epoll(7).</summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int MaxEvents = 256;

    // struct epoll_event is packed on x86-64, and only there.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(ulong);

    private readonly SafeFileHandle _epoll;
    private readonly byte[] _events = GC.AllocateArray<byte>(MaxEvents * EventSize, pinned: true);

    public Epoll()
    {
        _epoll = Syscalls.EpollCreate(Syscalls.EpollCloexec);
        if (_epoll.IsInvalid)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Watches a file descriptor; <paramref name="id"/> is what <see cref="Id"/> says when one of the events has happened.</summary>
    /// <exception cref="Win32Exception">The kernel refuses.</exception>
    public void Add(SafeHandle fd, ulong id, uint events = Syscalls.EpollIn)
    {
        if (!TryAdd(fd, id, events))
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>As <see cref="Add"/>; false where the kernel refuses.</summary>
    public bool TryAdd(SafeHandle fd, ulong id, uint events)
    {
        Span<byte> ev = stackalloc byte[16];
        ev.Clear();
        MemoryMarshal.Write(ev, events);
        MemoryMarshal.Write(ev[DataOffset..], id);
        fixed (byte* bytes = ev)
            return Syscalls.EpollControl(_epoll, Syscalls.EpollCtlAdd, fd, bytes) == 0;
    }

    /// <summary>Watches a file descriptor no longer. Closing it does the same.</summary>
    public void Remove(SafeHandle fd)
    {
        var ignored = stackalloc byte[16];
        _ = Syscalls.EpollControl(_epoll, Syscalls.EpollCtlDel, fd, ignored);
    }

    /// <summary>Waits, for ever where the time-out is negative, and returns how many descriptors something has happened to.</summary>
    public int Wait(int timeoutMilliseconds)
    {
        fixed (byte* events = _events)
            return Math.Max(0, Syscalls.EpollWait(_epoll, events, MaxEvents, timeoutMilliseconds));
    }

    /// <summary>Which descriptor it was.</summary>
    public ulong Id(int index) => MemoryMarshal.Read<ulong>(_events.AsSpan(index * EventSize + DataOffset));

    /// <summary>What has happened to it.</summary>
    public uint Events(int index) => MemoryMarshal.Read<uint>(_events.AsSpan(index * EventSize));

    public void Dispose() => _epoll.Dispose();
}
