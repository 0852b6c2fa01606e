namespace Everyport.Steering.Registration;

/// <summary>The control group of a systemd unit: the directory of its name, in whichever slice the unit is.</summary>
internal sealed class UnitDirectory(string unit, IReadOnlyList<string> hierarchies) : IControlGroup
{
    /// <summary>Where systemd keeps its groups: with version 2 of control groups, with both, and with version 1.</summary>
    public static IReadOnlyList<string> Hierarchies { get; } = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"];

    private const string Slice = ".slice";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private string? _found;
    private long _searched = long.MinValue;

    /// <summary>A unit that has ended comes back in the place where it was; elsewhere it is looked for once a second.</summary>
    public string? Find()
    {
        if (_found is not null && Directory.Exists(_found))
            return _found;
        if (_searched != long.MinValue && Environment.TickCount64 - _searched < Pause.TotalMilliseconds)
            return null;
        _searched = Environment.TickCount64;
        return (_found = hierarchies.Select(Search).FirstOrDefault(found => found is not null) ?? _found) is { } path && Directory.Exists(path) ? path : null;
    }

    public string WhyNone() => $"There is no unit '{unit}' that runs: 'systemctl status {unit}' says more.";

    /// <summary>Units are in slices, and slices in slices.</summary>
    private string? Search(string directory)
    {
        try
        {
            var path = Path.Combine(directory, unit);
            if (Directory.Exists(path))
                return path;
            return Directory.EnumerateDirectories(directory)
                .Where(below => below.EndsWith(Slice, StringComparison.Ordinal))
                .Select(Search)
                .FirstOrDefault(found => found is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
