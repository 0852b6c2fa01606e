namespace Everyport.Steering.Registration;

/// <summary>All processes of a control group and of those below it; see cgroups(7).</summary>
internal sealed class ControlGroupSource(string text, IControlGroup group) : ProcessSource(text)
{
    private const string ProcessList = "cgroup.procs";

    public override bool OutlivesItsProcess => true;

    internal override IReadOnlyList<int> Processes()
    {
        var processes = new List<int>();
        if (group.Find() is { } directory)
            Collect(directory, processes);
        return processes;
    }

    /// <summary>A unit that divides its processes further is noticed by their sockets.</summary>
    internal override int Stamp() => group.Find() is { } directory ? string.GetHashCode(ProcessFiles.ReadText(Path.Combine(directory, ProcessList)), StringComparison.Ordinal) : 0;

    internal override string WhyNone() => group.Find() is { } directory ? $"There is no process in the control group '{directory}': it has not been started." : group.WhyNone();

    private static void Collect(string directory, List<int> processes)
    {
        processes.AddRange(ProcessFiles.Numbers(ProcessFiles.ReadText(Path.Combine(directory, ProcessList)) ?? ""));
        try
        {
            foreach (var below in Directory.EnumerateDirectories(directory))
                Collect(below, processes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just been removed.
        }
    }
}
