using System.Globalization;

namespace Everyport.Steering.Inspection;

/// <summary>Finds out which programs have sockets; of those of other users only root is told.</summary>
public static class SocketOwners
{
    private const string Kind = "socket:[";

    /// <summary>The names of programs by the inodes of their sockets.</summary>
    public static IReadOnlyDictionary<uint, string> Read(IReadOnlySet<uint> inodes)
    {
        ArgumentNullException.ThrowIfNull(inodes);
        var owners = new Dictionary<uint, string>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(directory => int.TryParse(Path.GetFileName(directory), out _)))
        {
            foreach (var inode in SocketsOf(process).Where(inodes.Contains))
                owners.TryAdd(inode, ProcFile.Read($"{process}/comm").Trim());
        }
        return owners;
    }

    private static IEnumerable<uint> SocketsOf(string process)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"{process}/fd").Select(InodeOf).OfType<uint>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it has ended, or is somebody else's
        }
    }

    private static uint? InodeOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget is { } target && target.StartsWith(Kind, StringComparison.Ordinal)
                && uint.TryParse(target.AsSpan(Kind.Length, target.Length - Kind.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var inode) ? inode : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
