using System.Globalization;
using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Registration;

/// <summary>A process, and never another one that gets its number later; see pidfd_open(2).</summary>
internal sealed class ProcessHandle : IDisposable
{
    private readonly SafeFileHandle _process;

    private ProcessHandle(int id, SafeFileHandle process) => (Id, _process) = (id, process);

    public int Id { get; }

    /// <summary>Null where there is no such process.</summary>
    public static ProcessHandle? TryOpen(int id)
    {
        var descriptor = Libc.SystemCall((nint)Libc.PidfdOpen, id, 0, 0);
        if (descriptor >= 0)
            return new ProcessHandle(id, new SafeFileHandle(descriptor, ownsHandle: true));
        return Marshal.GetLastPInvokeError() is Libc.ESRCH or Libc.EINVAL or Libc.ENOENT // a thread is no process
            ? null
            : throw KernelError.Last(string.Create(CultureInfo.InvariantCulture, $"open the process {id}"));
    }

    /// <summary>Whether there is such a process, and it has not ended.</summary>
    public static bool IsRunning(int id)
    {
        using var process = TryOpen(id);
        return process is { HasEnded: false };
    }

    /// <summary>Whether it has ended, be it that its parent has not asked for the exit code yet.</summary>
    public unsafe bool HasEnded
    {
        get
        {
            var polled = new Libc.Polled { Descriptor = (int)_process.DangerousGetHandle(), Wanted = Libc.PollIn };
            return Libc.Poll(&polled, 1, 0) > 0;
        }
    }

    /// <summary>Duplicates one of its descriptors; see pidfd_getfd(2). Null where it has closed it, or has ended.</summary>
    /// <remarks>No SafeSocketHandle: that would set SO_LINGER when it is closed, for the program and all that it accepts as well.</remarks>
    /// <exception cref="SteeringException">This process may not.</exception>
    public SafeFileHandle? TryFetch(int descriptor)
    {
        var copy = Libc.SystemCall((nint)Libc.PidfdGetfd, _process.DangerousGetHandle(), descriptor, 0);
        if (copy >= 0)
            return new SafeFileHandle(copy, ownsHandle: true);
        return Marshal.GetLastPInvokeError() switch
        {
            Libc.EBADF or Libc.ESRCH => null,
            Libc.EPERM => throw ProcessFiles.NotAllowed(Id),
            var error => throw KernelError.From(string.Create(CultureInfo.InvariantCulture, $"get a socket of the process {Id}"), error),
        };
    }

    public void Dispose() => _process.Dispose();
}
