using System.Globalization;
using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Pins;

/// <summary>
/// The lock that every writer of a pinned steering holds: on its directory, as files of bpffs cannot be locked. It goes with
/// its process.
/// </summary>
internal sealed class PinLock : IDisposable
{
    /// <summary>Milliseconds. A thousand that wait would keep a machine busy with asking; each asks the less often the longer it has waited.</summary>
    private const int ShortestPause = 1, LongestPause = 50;

    private readonly SafeFileHandle _directory;

    private PinLock(SafeFileHandle directory) => _directory = directory;

    /// <exception cref="SteeringException">Somebody else held it whenever this asked; the message names the last.</exception>
    public static PinLock Take(string path, TimeSpan timeout)
    {
        var directory = Libc.Open(path, Libc.OpenCloexec);
        if (directory.IsInvalid)
        {
            throw Marshal.GetLastPInvokeError() is Libc.EACCES
                ? new SteeringException($"Cannot change the steering in '{path}': this user may not. It takes to be its owner, or, to register sockets, in the group that 'steerctl load --group NAME --group-writes' names.")
                : KernelError.Last($"open the directory '{path}' (PinPath)");
        }
        var pause = ShortestPause;
        var giveUp = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (Libc.Lock(directory, Libc.LockExclusive | Libc.LockNonblocking) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is Libc.EINTR)
                continue;
            if (error is Libc.EAGAIN && Environment.TickCount64 < giveUp)
            {
                Thread.Sleep(Random.Shared.Next(ShortestPause, pause + 1));
                pause = Math.Min(pause * 2, LongestPause);
                continue;
            }
            using (directory)
                throw error is Libc.EAGAIN ? IsHeld(path, directory, timeout) : KernelError.From($"lock the directory '{path}' (PinPath)", error);
        }
        return new PinLock(directory);
    }

    public void Dispose() => _directory.Dispose();

    private static SteeringException IsHeld(string path, SafeFileHandle directory, TimeSpan timeout)
    {
        var identity = FileIdentity.Of(directory);
        var holder = HolderIn(File.ReadLines("/proc/locks"), identity) is { } process ? $"the process {process}{NameOf(process)}" : "another process";
        var waited = timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return new SteeringException($"Cannot change the steering in '{path}': others have been changing it for {waited} s, and {holder} is now. Try again, or wait longer (steerctl: --lock-timeout).");
    }

    /// <summary>Reads <c>1: FLOCK  ADVISORY  WRITE 4711 00:1c:12345 0 EOF</c>.</summary>
    internal static int? HolderIn(IEnumerable<string> locks, FileIdentity file)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{file.DeviceMajor:x2}:{file.DeviceMinor:x2}:{file.Inode}");
        foreach (var line in locks)
        {
            // A line of somebody who waits has an arrow in second place.
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "FLOCK", _, _, var process, var on, ..]
                && on == name && int.TryParse(process, CultureInfo.InvariantCulture, out var holder) && holder > 0)
                return holder;
        }
        return null;
    }

    private static string NameOf(int process)
    {
        try
        {
            return $" ('{File.ReadAllText($"/proc/{process}/comm").TrimEnd()}')";
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }
}
