using Everyport.Steering.Kernel;

namespace Everyport.Steering.Registration;

/// <summary>Another one when a file was written since, or another one has got its name.</summary>
internal readonly record struct FileVersion(ulong Inode, long Seconds, uint Nanoseconds)
{
    /// <summary>When it was written.</summary>
    public DateTimeOffset Written => DateTimeOffset.FromUnixTimeSeconds(Seconds) + TimeSpan.FromMicroseconds(Nanoseconds / 1000);

    /// <summary>That of the file which a name leads to, be it by links; null where there is none.</summary>
    public static unsafe FileVersion? TryOf(string path)
    {
        Libc.FileStatus status;
        return Libc.Stat(Libc.AtWorkingDirectory, path, 0, Libc.InodeNumber | Libc.TimeOfChange, &status) < 0
            ? null
            : new FileVersion(status.Inode, status.ModifiedSeconds, status.ModifiedNanoseconds);
    }
}
