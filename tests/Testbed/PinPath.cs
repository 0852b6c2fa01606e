using System.Globalization;

namespace Everyport.Testbed;

/// <summary>A directory on the BPF file system of this machine for a test; removed with all that is pinned in it.</summary>
public sealed class PinPath : IDisposable
{
    private static int s_count;

    /// <summary>Where it is. It is not made: whoever pins has to.</summary>
    public string Path { get; } = string.Create(CultureInfo.InvariantCulture, $"/sys/fs/bpf/everyport-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");

    /// <summary>The names in it.</summary>
    public IReadOnlyList<string> Names => Directory.Exists(Path) ? [.. Directory.EnumerateFileSystemEntries(Path).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal)!] : [];

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
