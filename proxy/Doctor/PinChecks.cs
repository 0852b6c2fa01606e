using Everyport.Proxy.Configuration;
using Everyport.Steering.Inspection;

namespace Everyport.Proxy.Doctor;

/// <summary>Whether the steering can be kept in <c>Steering:PinPath</c>, and what is there already.</summary>
internal static class PinChecks
{
    private const string Check = "PinPath", Instead = "hoose a directory of its own, such as '/sys/fs/bpf/everyport'.";

    public static IEnumerable<Finding> Of(Machine machine, SteeringSettings steering)
    {
        if (steering.PinPath is { } path && machine.Pins is { } pins)
            yield return Of(path, pins);
    }

    private static Finding Of(string path, PinFacts pins) =>
        !pins.IsBpf ? new(FindingLevel.Problem, Check, $"'{pins.Existing}' is not on a BPF file system (Steering:PinPath).", $"'mount -t bpf bpf /sys/fs/bpf', and c{Instead} 'ip netns exec' hides those of the machine.")
        : !pins.IsWritable ? new(FindingLevel.Problem, Check, $"This user may not write to '{pins.Existing}' (Steering:PinPath).", $"Give it to the user that the proxy runs as, or c{Instead}")
        : pins.Trouble is { } trouble ? new(FindingLevel.Problem, Check, trouble, $"C{Instead}")
        : pins.Strangers is [var stranger, ..] && !pins.IsLoaded ? new(FindingLevel.Problem, Check, $"'{path}' (Steering:PinPath) holds '{stranger}', which is another program's.", $"C{Instead}")
        : pins is { IsLoaded: true, IsAttached: false } ? new(FindingLevel.Note, Check, $"The steering in '{path}' (Steering:PinPath) is attached to nothing: its namespace is gone, or somebody has detached it. A start begins anew.")
        : pins.IsLoaded ? new(FindingLevel.Note, Check, $"A steering is kept in '{path}' (Steering:PinPath): a start takes it over.", $"'steerctl status --pin-path {path}' tells whose it is.")
        : new(FindingLevel.Fine, Check, $"The steering can be kept in '{path}'.");
}
