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

    public const int EPERM = 1, ENOENT = 2, E2BIG = 7, ENOLINK = 67, EINTR = 4, EACCES = 13, EEXIST = 17, ESRCH = 3, EAGAIN = 11;
    public const int OpenCloexec = 0x80000, CloneNewNet = 0x40000000, LockExclusive = 2, LockNonblocking = 4;
    public const int AtEmptyPath = 0x1000;
    public const int AtWorkingDirectory = -100;
    public const uint ModeAndGroup = 0x2 | 0x10, UserNumber = 0x8, InodeNumber = 0x100, TimeOfChange = 0x40;
    public const long BpfFileSystem = 0xCAFE4A11;

    public static readonly nint MapFailed = -1;

    /// <summary>The field of <c>struct statfs</c> that is read, and room for all of it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 120)]
    public struct FileSystem
    {
        [FieldOffset(0)]
        public long Type;
    }

    /// <summary><c>struct group</c>; see getgrnam(3).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 32)]
    public struct GroupRecord
    {
        [FieldOffset(16)]
        public uint Number;
    }

    /// <summary>The fields of <c>struct statx</c> that are read, and room for all of it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct FileStatus
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport(Library, EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    /// <summary>The record of a group, or 0 where there is none of that name.</summary>
    [LibraryImport(Library, EntryPoint = "getgrnam", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial GroupRecord* FindGroup(string name);

    [LibraryImport(Library, EntryPoint = "setns", SetLastError = true)]
    public static partial int EnterNamespace(SafeFileHandle @namespace, int kind);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport(Library, EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatFileSystem(string path, FileSystem* status);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Stat(int directory, string path, int flags, uint mask, FileStatus* status);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Stat(SafeFileHandle directory, string path, int flags, uint mask, FileStatus* status);

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
