namespace Everyport.EndToEnd.Tests.Guards;

/// <summary>
/// An <c>/etc/hosts</c> that only programs in a namespace see: <c>ip netns exec</c> mounts it over theirs
/// (ip-netns(8)). Goes before the program is started.
/// </summary>
internal sealed class HostsFile : IDisposable
{
    private readonly string _directory;

    public HostsFile(NetworkNamespace @namespace, string content)
    {
        _directory = $"/etc/netns/{@namespace.Name}";
        Directory.CreateDirectory(_directory);
        File.WriteAllText(Path.Combine(_directory, "hosts"), content);
    }

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        if (!Directory.EnumerateFileSystemEntries("/etc/netns").Any())
            Directory.Delete("/etc/netns");
    }
}
