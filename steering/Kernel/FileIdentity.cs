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
}
