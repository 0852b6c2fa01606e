using System.Globalization;

namespace Everyport.Steering.Inspection;

/// <summary>What there is to know of the kernel and of what this process may do, as far as it matters to steering.</summary>
public record KernelFacts
{
    /// <summary>The version of the kernel.</summary>
    public required Version Kernel { get; init; }

    /// <summary>What is missing to begin with, as clauses.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Why the BPF program cannot be loaded; null where it can, or where it was not tried.</summary>
    public string? LoadError { get; init; }

    /// <summary>The effective capabilities (capabilities(7)), one bit each.</summary>
    public ulong Capabilities { get; init; }

    /// <summary>Whether a seccomp filter is on.</summary>
    public bool HasSeccompFilter { get; init; }

    /// <summary><c>kernel.unprivileged_bpf_disabled</c>; null where it cannot be read.</summary>
    public int? UnprivilegedBpfDisabled { get; init; }

    /// <summary>The mode of lockdown, as <c>none</c>, <c>integrity</c> or <c>confidentiality</c>; null where there is none.</summary>
    public string? Lockdown { get; init; }

    /// <summary>Where bpffs is mounted.</summary>
    public IReadOnlyList<string> BpfFilesystems { get; init; } = [];

    /// <summary>Programs of this kind that are attached to the namespace; null where that is not known.</summary>
    public int? AttachedPrograms { get; init; }

    /// <summary>Whether the process has a capability, by its number.</summary>
    public bool Has(int capability) => (Capabilities & (1UL << capability)) != 0;

    /// <summary>Reads it, of the calling thread's namespace. What cannot be read counts as not being in the way.</summary>
    public static KernelFacts Read()
    {
        var missing = SteeringInspection.Missing();
        var status = ProcFile.Read("/proc/self/status");
        return new KernelFacts
        {
            Kernel = Environment.OSVersion.Version,
            Missing = missing,
            LoadError = missing.Count == 0 ? SteeringInspection.TryLoad() : null,
            AttachedPrograms = missing.Count == 0 ? SteeringInspection.CountAttached() : null,
            Capabilities = ulong.TryParse(ProcFile.Field(status, "CapEff:"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var capabilities) ? capabilities : 0,
            HasSeccompFilter = ProcFile.Field(status, "Seccomp:") == "2",
            UnprivilegedBpfDisabled = (int?)ProcFile.Number("/proc/sys/kernel/unprivileged_bpf_disabled"),
            Lockdown = ProcFile.Chosen(ProcFile.Read("/sys/kernel/security/lockdown")),
            BpfFilesystems = [.. ProcFile.Read("/proc/mounts").Split('\n').Select(line => line.Split(' ')).Where(mount => mount is [_, _, "bpf", ..]).Select(mount => mount[1])],
        };
    }
}
