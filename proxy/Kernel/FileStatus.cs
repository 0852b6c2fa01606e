using System.Runtime.InteropServices;

namespace Everyport.Proxy.Kernel;

/// <summary>Asks the kernel for what .NET does not tell of a file: which one it is. Compared with the C headers in a test.</summary>
internal static unsafe partial class FileStatus
{
    public const int AtWorkingDirectory = -100;
    public const uint InodeNumber = 0x100, Size = 0x200, ChangeTime = 0x80;

    /// <summary><c>struct statx_timestamp</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16)]
    public struct Timestamp
    {
        public long Seconds;
        public uint Nanoseconds;
    }

    /// <summary>The fields of <c>struct statx</c> that are read, and room for all of it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct Status
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(96)]
        public Timestamp Changed;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    /// <summary>Follows symbolic links. 0, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Read(int directory, string path, int flags, uint mask, Status* status);
}
