using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Kernel;

/// <summary>Which file an open one is: the same numbers, the same file.</summary>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    public static unsafe FileIdentity Of(SafeFileHandle file)
    {
        Libc.FileStatus status;
        if (Libc.Stat(file, "", Libc.AtEmptyPath, Libc.InodeNumber, &status) < 0)
            throw KernelError.Last("ask the kernel which file it is");
        return new FileIdentity(status.DeviceMajor, status.DeviceMinor, status.Inode);
    }

    /// <summary>That of the file of a name; null where there is none, or it may not be seen.</summary>
    public static FileIdentity? TryOf(string path) => TryOf(path, out _);

    /// <summary>The same, with the number of the error where there is none.</summary>
    public static unsafe FileIdentity? TryOf(string path, out int error)
    {
        Libc.FileStatus status;
        var isThere = Libc.Stat(Libc.AtWorkingDirectory, path, 0, Libc.InodeNumber, &status) == 0;
        error = isThere ? 0 : Marshal.GetLastPInvokeError();
        return isThere ? new FileIdentity(status.DeviceMajor, status.DeviceMinor, status.Inode) : null;
    }
}
