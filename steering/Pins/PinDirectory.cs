using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Pins;

/// <summary>
/// The directory of a pinned steering, and the names in it. What ends in <see cref="Next"/> is to take the place of what it is
/// named after.
/// </summary>
internal sealed class PinDirectory
{
    public const string Next = "-next"; // a dot in a name is refused by the kernel

    /// <summary>For the owner and the group (0750): who can open a directory can lock it, and keep all others waiting.</summary>
    private const uint OwnerAndGroup = 0x1E8;

    private PinDirectory(string path) => Path = path;

    public string Path { get; }

    /// <summary>Makes the directory where it is not there yet.</summary>
    /// <exception cref="SteeringException">It is not on a BPF file system, or cannot be made.</exception>
    public static PinDirectory Open(string path)
    {
        var missing = new Stack<string>();
        var existing = path;
        for (; !Directory.Exists(existing); missing.Push(existing), existing = System.IO.Path.GetDirectoryName(existing)!)
        {
            if (File.Exists(existing) || System.IO.Path.GetDirectoryName(existing) is not { Length: > 0 })
                throw new SteeringException($"Cannot keep the steering in '{path}' (PinPath): '{existing}' is not a directory; choose one on a BPF file system, such as '/sys/fs/bpf/everyport'.");
        }
        if (!IsBpf(existing))
        {
            throw new SteeringException(
                $"Cannot keep the steering in '{path}' (PinPath): '{existing}' is not on a BPF file system. "
                + "Mount one with 'mount -t bpf bpf /sys/fs/bpf', and choose a directory in it, such as '/sys/fs/bpf/everyport'.");
        }
        foreach (var directory in missing)
        {
            if (Libc.MakeDirectory(directory, OwnerAndGroup) < 0 && Marshal.GetLastPInvokeError() is not Libc.EEXIST and var error)
            {
                throw new SteeringException(
                    $"Cannot make the directory '{directory}' (PinPath): the kernel said '{Marshal.GetPInvokeErrorMessage(error)}'. "
                    + "Make it with 'mkdir', and give it to the user that this program runs as.");
            }
        }
        return new PinDirectory(path);
    }

    public bool Has(string name) => File.Exists(In(name));

    /// <summary>Opens what is pinned.</summary>
    public SafeFileHandle OpenPin(string name)
    {
        var pin = Libbpf.OpenPin(In(name));
        return pin.IsInvalid ? throw KernelError.Last($"open '{In(name)}'") : pin;
    }

    /// <summary>The same, or null where nothing is pinned under that name.</summary>
    public SafeFileHandle? TryOpenPin(string name)
    {
        var pin = Libbpf.OpenPin(In(name));
        if (!pin.IsInvalid)
            return pin;
        pin.Dispose();
        return Marshal.GetLastPInvokeError() == Libc.ENOENT ? null : throw KernelError.Last($"open '{In(name)}'");
    }

    public void Pin(SafeFileHandle @object, string name)
    {
        if (Libbpf.Pin(@object, In(name)) < 0)
            throw KernelError.Last($"pin '{In(name)}'");
    }

    public void Unpin(string name) => Change(() => File.Delete(In(name)), "remove", name);

    /// <summary>In one step: who opens the name gets the one or the other.</summary>
    public void Rename(string from, string to) => Change(() => File.Move(In(from), In(to), overwrite: true), "put in place", to);

    private void Change(Action change, string doing, string name)
    {
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SteeringException($"Cannot {doing} '{In(name)}': {e.Message}", e);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static unsafe bool IsBpf(string path)
    {
        Libc.FileSystem status;
        return Libc.StatFileSystem(path, &status) == 0
            ? (status.Type & uint.MaxValue) == Libc.BpfFileSystem
            : throw KernelError.Last($"look at '{path}' (PinPath)");
    }
}
