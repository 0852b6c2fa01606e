namespace Everyport.Proxy.Tls;

/// <summary>
/// Notices that files have changed, and that the change is over. To look again and again is the one way that works for
/// files written in place, replaced, deleted and made anew, and reached over symbolic links that change, as Kubernetes does it.
/// </summary>
internal sealed class WatchedFiles(params IReadOnlyList<string> paths)
{
    // Unlike any file, so that the first look finds a change: files may have changed since they were read.
    private FileStamp[] _last = [], _told = [];

    /// <summary>
    /// Looks. True where the files are not those of the last time that this was true, and are the same as at the last look:
    /// a certificate and its key are two files, and nobody can write both at once.
    /// </summary>
    public bool HaveChanged()
    {
        FileStamp[] now = [.. paths.Select(FileStamp.Of)];
        var isQuiet = now.AsSpan().SequenceEqual(_last);
        _last = now;
        if (!isQuiet || now.AsSpan().SequenceEqual(_told))
            return false;
        _told = now;
        return true;
    }
}
