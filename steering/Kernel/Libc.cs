using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Kernel;

/// <summary>The functions of the C library that are used here.</summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    public const int ProtRead = 1, ProtWrite = 2, MapShared = 1;
    public const int SockRaw = 3, SockCloexec = 0x80000, AfNetlink = 16, NetlinkRoute = 0;
    public const int SolSocket = 1, SoProtocol = 38, SoDomain = 39, SoAcceptConn = 30, SoCookie = 57;
    public const int IpProtoIPv6 = 41, IPv6Only = 26;
    public const int AfInet = 2, AfInet6 = 10, SockStream = 1, SockDgram = 2;

    public const int EPERM = 1, ENOENT = 2, E2BIG = 7, ENOLINK = 67, EINTR = 4, EACCES = 13, EEXIST = 17, ESRCH = 3;

    public static readonly nint MapFailed = -1;

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial SafeFileHandle Socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(SafeFileHandle socket, void* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(SafeFileHandle socket, void* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSocketOption(SafeHandle socket, int level, int name, void* value, uint* length);

    [LibraryImport(Library, EntryPoint = "getpeername", SetLastError = true)]
    public static partial int GetPeerName(SafeHandle socket, void* address, uint* length);

    [LibraryImport(Library, EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint InterfaceIndex(string name);
}
