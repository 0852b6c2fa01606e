using Everyport.Proxy.Kernel;
using Everyport.Steering;

namespace Everyport.Proxy.Doctor;

/// <summary>What is known of the directory in which steering is to be kept.</summary>
internal sealed record PinFacts
{
    /// <summary>All names that a steering has there; what is to take the place of one ends otherwise.</summary>
    private static readonly string[] Known = ["link", "state", "sockets", "services", "totals", "ports"];

    /// <summary>The directory, or the one above it that is there.</summary>
    public required string Existing { get; init; }

    /// <summary>Whether that is on a BPF file system.</summary>
    public bool IsBpf { get; init; } = true;

    /// <summary>Whether this user may make something there.</summary>
    public bool IsWritable { get; init; } = true;

    /// <summary>What is in the directory that is none of a steering.</summary>
    public IReadOnlyList<string> Strangers { get; init; } = [];

    /// <summary>Whether a steering is kept there.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>Whether it is attached to a namespace that lives; null where that is not known.</summary>
    public bool? IsAttached { get; init; }

    /// <summary>Why what is there cannot be read; null where it can, or where there is nothing.</summary>
    public string? Trouble { get; init; }

    public static PinFacts Read(string path, IEnumerable<string> bpfFilesystems)
    {
        var existing = path;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { Length: > 0 } above)
            existing = above;
        var facts = new PinFacts { Existing = existing, IsBpf = bpfFilesystems.Any(mount => IsBelow(existing, mount)), IsWritable = IsOpenToUs(existing) };
        return facts.IsBpf && existing == path ? facts.WithContent(path) : facts;
    }

    private PinFacts WithContent(string path)
    {
        try
        {
            using var control = SteeringControl.Open(new SteeringOptions { PinPath = path });
            var steering = control.Read();
            if (steering?.NamespaceInode is { } inode && $"net:[{inode}]" != new FileInfo("/proc/self/ns/net").LinkTarget)
                return this with { Trouble = $"'{path}' (Steering:PinPath) holds the steering of another network namespace." };
            return this with { Strangers = StrangersIn(path), IsLoaded = steering is not null, IsAttached = steering?.Attached };
        }
        catch (SteeringException e)
        {
            return this with { Trouble = e.Message };
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException or DllNotFoundException)
        {
            return this; // who may not look is told so by what may be done there, and a missing library by itself
        }
    }

    private static string[] StrangersIn(string path) =>
    [
        .. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry))
            .Where(name => !Known.Any(known => name == known || name == $"{known}-next")).Order(StringComparer.Ordinal),
    ];

    private static bool IsBelow(string path, string mount) => path == mount || path.StartsWith(mount.TrimEnd('/') + '/', StringComparison.Ordinal);

    /// <summary>By the effective user and capabilities, which access(2) by itself does not go by.</summary>
    private static bool IsOpenToUs(string directory)
    {
        const int CurrentDirectory = -100, Effective = 0x200, Execute = 1, Write = 2;
        return Syscalls.AccessAt(CurrentDirectory, directory, Write | Execute, Effective) == 0;
    }
}
