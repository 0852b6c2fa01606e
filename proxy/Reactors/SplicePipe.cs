using Everyport.Proxy.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Reactors;

/// <summary>A pipe through which the kernel moves pages from one socket to another, without a copy; see splice(2).</summary>
internal sealed class SplicePipe : IDisposable
{
    /// <summary>Bytes that fit. All pipes of a user without privileges have 64 MiB together (fs.pipe-user-pages-soft).</summary>
    public const int Size = 256 * 1024;

    private SplicePipe(SafeFileHandle read, SafeFileHandle write) => (Read, Write) = (read, write);

    public SafeFileHandle Read { get; }

    public SafeFileHandle Write { get; }

    /// <summary>Bytes in it.</summary>
    public int Length { get; set; }

    /// <summary>A new pipe, or null where the kernel has no descriptors or pages left for it.</summary>
    public static unsafe SplicePipe? TryCreate()
    {
        var ends = stackalloc int[2];
        if (Syscalls.Pipe(ends, Syscalls.OpenNonblock | Syscalls.OpenCloexec) != 0)
            return null;
        var pipe = new SplicePipe(new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
        if (Syscalls.Control(pipe.Write, Syscalls.FSetPipeSize, Size) >= Size)
            return pipe;
        pipe.Dispose();
        return null;
    }

    public void Dispose()
    {
        Read.Dispose();
        Write.Dispose();
    }
}
