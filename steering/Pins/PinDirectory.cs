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

    private const uint OwnerOnly = 0b111_000_000, OthersAll = 0b111;

    public PinDirectory(string path) => Path = path;

    public string Path { get; }

    /// <summary>Whether it is there.</summary>
    /// <exception cref="SteeringException">This user may not know.</exception>
    public bool Exists => Identify("") is not null && Directory.Exists(Path);

    /// <summary>Makes the directory where it is not there yet.</summary>
    /// <exception cref="SteeringException">It is not on a BPF file system, cannot be made, or is open to those who could exchange what is pinned there.</exception>
    public void Make()
    {
        var path = Path;
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
            if (Libc.MakeDirectory(directory, OwnerOnly) < 0 && Marshal.GetLastPInvokeError() is not Libc.EEXIST and var error)
            {
                throw new SteeringException(
                    $"Cannot make the directory '{directory}' (PinPath): the kernel said '{Marshal.GetPInvokeErrorMessage(error)}'. "
                    + "Make it with 'mkdir -m 700', and give it to the user that this program runs as.");
            }
        }
        RefuseStrangers();
    }

    /// <summary>Anybody may make directories where BPF file systems are mounted, and so be there before us.</summary>
    private unsafe void RefuseStrangers()
    {
        Libc.FileStatus status;
        if (Libc.Stat(Libc.AtWorkingDirectory, Path, 0, Libc.UserNumber | Libc.ModeAndGroup, &status) < 0)
            throw KernelError.Last($"look at '{Path}' (PinPath)");
        if (status.User != 0 && status.User != Libc.EffectiveUser())
        {
            throw new SteeringException(
                $"Cannot keep the steering in '{Path}' (PinPath): it belongs to the user {status.User}, who could exchange what is there. "
                + "Run this program as that user, or give it a directory that belongs to root ('mkdir -m 700').");
        }
        if ((status.Mode & OthersAll) != 0)
        {
            throw new SteeringException(
                $"Cannot keep the steering in '{Path}' (PinPath): it is open to all users. Run 'chmod 700 {Path}'; make such directories with 'mkdir -m 700', and mount a BPF file system of its own with 'mount -t bpf -o mode=700'.");
        }
    }

    public bool Has(string name) => File.Exists(In(name));

    /// <summary>Which file a name stands for; null where there is none.</summary>
    /// <exception cref="SteeringException">This user may not know.</exception>
    public FileIdentity? Identify(string name) =>
        FileIdentity.TryOf(In(name), out var error) is { } identity ? identity
        : error == Libc.EACCES ? throw CannotOpen(name, error)
        : null;

    /// <summary>Opens what is pinned.</summary>
    public SafeFileHandle OpenPin(string name) => Open(name, Libbpf.OpenToWrite);

    /// <summary>The same, or null where nothing is pinned under that name.</summary>
    public SafeFileHandle? TryOpenPin(string name) => TryOpen(name, Libbpf.OpenToWrite);

    /// <summary>Opens a map that is only to be read, which takes less of a permission.</summary>
    public SafeFileHandle OpenToRead(string name) => Open(name, Libbpf.OpenToRead);

    /// <summary>The same, or null where nothing is pinned under that name.</summary>
    public SafeFileHandle? TryOpenToRead(string name) => TryOpen(name, Libbpf.OpenToRead);

    /// <summary>Opens the link, or null where there is none, or this user may not. A link cannot be opened to be read alone.</summary>
    public SafeFileHandle? TryOpenLink(string name)
    {
        var link = Call(name, Libbpf.OpenToWrite, out var error);
        return link ?? (error is Libc.ENOENT or Libc.EACCES or Libc.EPERM ? null : throw CannotOpen(name, error));
    }

    /// <summary>Pins for those who may work in the directory.</summary>
    public void Pin(SafeFileHandle @object, string name)
    {
        if (Libbpf.Pin(@object, In(name)) < 0)
            throw KernelError.Last($"pin '{In(name)}'");
        PinAccess.Of(Path).Grant(In(name), name);
    }

    /// <summary>Lets a group in, to all that is pinned from now on. False where it was let in before.</summary>
    public bool Admit(PinAccess access)
    {
        for (var parent = System.IO.Path.GetDirectoryName(Path); parent is not null; parent = System.IO.Path.GetDirectoryName(parent))
        {
            if (!access.Reaches(parent))
            {
                throw new SteeringException(
                    $"Cannot let the group {access.Group} in: it may not pass through '{parent}'. Run 'chmod o+x {parent}', or choose a directory (PinPath) on a BPF file system of your own.");
            }
        }
        return access.GrantDirectory(Path);
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

    private SafeFileHandle Open(string name, uint flags) => Call(name, flags, out var error) ?? throw CannotOpen(name, error);

    private SafeFileHandle? TryOpen(string name, uint flags)
    {
        var pin = Call(name, flags, out var error);
        return pin ?? (error == Libc.ENOENT ? null : throw CannotOpen(name, error));
    }

    private unsafe SafeFileHandle? Call(string name, uint flags, out int error)
    {
        var options = new Libbpf.ObjectOptions { Size = (nuint)sizeof(Libbpf.ObjectOptions), FileFlags = flags };
        var pin = Libbpf.OpenPin(In(name), &options);
        error = pin.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        if (error == 0)
            return pin;
        pin.Dispose();
        return null;
    }

    private SteeringException CannotOpen(string name, int error) => error == Libc.EACCES
        ? new($"Cannot open '{In(name)}': this user may not. It belongs to those who have loaded the steering, and to the group that 'steerctl load --group' names.")
        : KernelError.From($"open '{In(name)}'", error);

    public string PathOf(string name) => In(name);

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static unsafe bool IsBpf(string path)
    {
        Libc.FileSystem status;
        return Libc.StatFileSystem(path, &status) == 0
            ? (status.Type & uint.MaxValue) == Libc.BpfFileSystem
            : throw KernelError.Last($"look at '{path}' (PinPath)");
    }
}
