using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

[assembly: DisableRuntimeMarshalling]

namespace Everyport.Proxy.Kernel;

/// <summary>
/// System calls for sockets that are not .NET's: what streams and flows are made of. Constants are compared with the
/// C headers in a test.
/// </summary>
internal static unsafe partial class Syscalls
{
    private const string Library = "libc";

    public const int AfInet = 2, AfInet6 = 10;
    public const int SockStream = 1, SockDgram = 2, SockNonblock = 0x800, SockCloexec = 0x80000;
    public const int SolSocket = 1, SoReuseAddr = 2, SoError = 4, SoKeepAlive = 9, SoLinger = 13, SoMark = 36;
    public const int SolIp = 0, IpFreebind = 15, IpTransparent = 19, IpBindAddressNoPort = 24;
    public const int SolIPv6 = 41, IPv6Transparent = 75;
    public const int SolTcp = 6, TcpNodelay = 1, TcpKeepIdle = 4, TcpKeepInterval = 5, TcpKeepCount = 6;
    public const int MsgPeek = 2, MsgDontwait = 0x40, MsgNosignal = 0x4000;
    public const int ShutRd = 0, ShutWr = 1;
    public const int OpenNonblock = 0x800, OpenCloexec = 0x80000, FSetPipeSize = 1031;
    public const uint SpliceMove = 1, SpliceNonblock = 2;
    public const int EpollCloexec = 0x80000, EventfdCloexec = 0x80000, EventfdNonblock = 0x800;
    public const int EpollCtlAdd = 1, EpollCtlDel = 2;
    public const uint EpollIn = 1, EpollOut = 4, EpollErr = 8, EpollHup = 0x10, EpollRdhup = 0x2000, EpollExclusive = 1u << 28, EpollEt = 1u << 31;
    public const int EPERM = 1, EINTR = 4, EAGAIN = 11, ENOMEM = 12, EACCES = 13, ENFILE = 23, EMFILE = 24, EADDRINUSE = 98, EADDRNOTAVAIL = 99, ENOBUFS = 105, ECONNABORTED = 103, ECONNRESET = 104,
        ETIMEDOUT = 110, EHOSTUNREACH = 113, EINPROGRESS = 115, ECANCELED = 125;

    /// <summary><c>struct linger</c>.</summary>
    public struct Linger
    {
        public int On;
        public int Seconds;
    }

    /// <summary><c>struct iovec</c>.</summary>
    public struct IoVector
    {
        public void* Base;
        public nuint Length;
    }

    /// <summary><c>struct msghdr</c>.</summary>
    public struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial SafeFileHandle Socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int SocketDescriptor(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "faccessat", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AccessAt(int directory, string path, int mode, int flags);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafeHandle socket, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(SafeHandle socket, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(SafeHandle listener, byte* address, uint* length, int flags);

    [LibraryImport(Library, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(SafeHandle socket, int how);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(SafeHandle socket, int level, int name, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(SafeHandle socket, int level, int name, void* value, uint* length);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(SafeHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(SafeHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(SafeHandle socket, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(SafeHandle socket, byte* buffer, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial SafeFileHandle EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(SafeHandle epoll, int operation, SafeHandle fd, byte* ev);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(SafeHandle epoll, byte* events, int count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial SafeFileHandle EventFd(uint value, int flags);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeHandle fd, void* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeHandle fd, void* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* descriptors, int flags);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(SafeHandle fd, int command, nint argument);

    [LibraryImport(Library, EntryPoint = "splice", SetLastError = true)]
    public static partial nint Splice(SafeHandle from, nint fromOffset, SafeHandle to, nint toOffset, nuint length, uint flags);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(nint fd);
}
