namespace Everyport.Steering.Registration;

/// <summary>
/// A file that a program writes its number into when it starts. Where it is left behind by a process that has ended, it names
/// nobody until it is written again, whoever has got the number since: a process that is younger than the file is not the one.
/// </summary>
internal sealed class PidFile(string path) : ProcessSource(path)
{
    /// <summary>How much later than the file a process may have started: what the kernel tells of both is rounded.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private FileVersion? _version;
    private int _named;
    private bool _isOpened, _isAnother;
    private WatchedProcess? _process;

    public override bool OutlivesItsProcess => true;

    internal override IReadOnlyList<int> Processes()
    {
        Read();
        return _process is { HasEnded: false } ? [_named] : [];
    }

    internal override int Stamp()
    {
        Read();
        return HashCode.Combine(_version, _named, _process?.Stamp());
    }

    internal override string WhyNone()
    {
        if (_isAnother)
            return $"The PID file '{Text}' is older than the process {ProcessFiles.Describe(_named)}, which has got that number since: the one that it names has ended. If it is meant nevertheless, run 'touch {Text}'.";
        if (_named != 0)
            return $"There is no process {_named}, which '{Text}' names: it has ended.";
        try
        {
            var content = File.ReadAllText(Text).Trim();
            return content.Length == 0
                ? $"The PID file '{Text}' is empty."
                : $"The PID file '{Text}' begins with '{Shortened(content)}', and not with the number of a process.";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"There is no process and no PID file '{Text}'. Expected the number of a process, such as '4711', a PID file, such as '/run/nginx.pid', or a systemd unit, such as 'unit:nginx.service'.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"Cannot read the PID file '{Text}': {e.Message}";
        }
    }

    public override void Dispose()
    {
        _process?.Dispose();
        base.Dispose();
    }

    /// <summary>Only where the file was written since, or nothing was in it yet. Who removes it does not end its process.</summary>
    private void Read()
    {
        if (FileVersion.TryOf(Text) is not { } version)
            return;
        if (version != _version || _named == 0)
        {
            _process?.Dispose();
            (_process, _isOpened, _isAnother, _version) = (null, false, false, version);
            _named = ProcessFiles.Numbers(ProcessFiles.ReadText(Text) ?? "").FirstOrDefault();
        }
        if (_named != 0 && !_isOpened)
            Open(version);
    }

    private void Open(FileVersion version)
    {
        (_process, _isOpened) = (WatchedProcess.TryOpen(_named), true);
        if (_process is null || ProcessFiles.StartOf(_named) is not { } start || start <= version.Written + Tolerance)
            return;
        _process.Dispose();
        (_process, _isAnother) = (null, true);
    }

    private static string Shortened(string text)
    {
        const int Most = 20;
        var line = text.Split('\n')[0];
        return line.Length <= Most ? line : line[..Most] + "...";
    }
}
