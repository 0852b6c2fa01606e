using Everyport.Proxy.Kernel;

namespace Everyport.Proxy.Tls;

/// <summary>
/// Tells whether a path leads to the same file in the same state as before. The time of the last change counts whatever was
/// done to the file, and cannot be set; the inode tells of a file that took the place of another, or of a link that leads elsewhere.
/// </summary>
internal readonly record struct FileStamp(ulong Inode, ulong Size, long ChangedSeconds, uint ChangedNanoseconds, uint DeviceMajor, uint DeviceMinor)
{
    /// <summary>The stamp of a file; that of none is the default.</summary>
    public static unsafe FileStamp Of(string path)
    {
        FileStatus.Status status;
        const uint mask = FileStatus.InodeNumber | FileStatus.Size | FileStatus.ChangeTime;
        return FileStatus.Read(FileStatus.AtWorkingDirectory, path, 0, mask, &status) == 0
            ? new FileStamp(status.Inode, status.Size, status.Changed.Seconds, status.Changed.Nanoseconds, status.DeviceMajor, status.DeviceMinor)
            : default;
    }
}
