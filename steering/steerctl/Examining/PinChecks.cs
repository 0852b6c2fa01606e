using Everyport.Steering.Inspection;

namespace Everyport.Steering.Cli.Examining;

/// <summary>Whether there is a steering where one is looked for, and whether this program can work on it.</summary>
internal static class PinChecks
{
    public static IEnumerable<Finding> Of(Condition condition)
    {
        if (!condition.Kernel.BpfFilesystems.Any(mount => IsBelow(condition.PinPath, mount)))
            yield return new(FindingLevel.Problem, "bpffs", $"'{condition.PinPath}' is not on a BPF file system: nothing can be pinned there.", "'mount -t bpf bpf /sys/fs/bpf', or name a directory on one with --pin-path.");
        if (condition.ReadError is { } error)
            yield return new(FindingLevel.Problem, "state", error, condition.IsNotUnderstood ? "'steerctl unload --force' removes what is there." : null);
        else if (condition.Steering is not { } steering)
            yield return new(FindingLevel.Note, "state", $"Nothing is loaded in '{condition.PinPath}'.", "'steerctl load' does that.");
        else if (steering.Layout != SteeringControl.Layout)
            yield return new(FindingLevel.Warning, "state", $"The steering has the layout {steering.Layout}, and this program {SteeringControl.Layout}: it can be read, and not be changed.", "'steerctl upgrade' converts it.");
        else if (steering.Attached == false)
            yield return new(FindingLevel.Problem, "state", "The steering is not attached: somebody has detached it, or its namespace is gone.", "'steerctl unload --force', and load and apply it anew.");
        else
            yield return new(FindingLevel.Fine, "state", $"A steering is loaded in '{condition.PinPath}'.");
    }

    private static bool IsBelow(string path, string mount) => path == mount || path.StartsWith(mount.TrimEnd('/') + '/', StringComparison.Ordinal);
}
