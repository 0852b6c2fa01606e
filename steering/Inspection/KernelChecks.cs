namespace Everyport.Steering.Inspection;

/// <summary>Whether the kernel lets this process steer.</summary>
public static class KernelChecks
{
    private const int CapSysAdmin = 21, CapPerfMon = 38;

    /// <summary>The kernel attaches no more of one kind to a namespace.</summary>
    private const int MostPrograms = 64;

    /// <summary>All findings. <paramref name="own"/> says which of the attached programs may be the one that is meant; null where it is not counted.</summary>
    public static IEnumerable<Finding> Of(KernelFacts kernel, string? own = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        foreach (var missing in kernel.Missing)
            yield return new(FindingLevel.Problem, "steering", $"{char.ToUpperInvariant(missing[0])}{missing[1..]}.", "Without it nothing can be steered.");
        if (kernel.Missing.Count == 0 && kernel.LoadError is { } error)
            yield return new(FindingLevel.Problem, "BPF", error, Hint(kernel));
        if (kernel.Missing.Count == 0 && kernel.LoadError is null)
            yield return new(FindingLevel.Fine, "steering", $"Linux {kernel.Kernel} loads the BPF program.");

        if (kernel.AttachedPrograms >= MostPrograms)
            yield return new(FindingLevel.Problem, "BPF", $"{kernel.AttachedPrograms} programs are attached to this network namespace already, as many as it can have.", "'bpftool link show' lists them; end those that nobody needs.");
        else if (kernel.AttachedPrograms > 0)
            yield return new(FindingLevel.Note, "BPF", $"{kernel.AttachedPrograms} sk_lookup programs are attached to this network namespace already; they decide beside this one, the first to take a socket wins.", $"'bpftool link show' lists them. {own}".TrimEnd());

        if (!kernel.Has(CapPerfMon) && !kernel.Has(CapSysAdmin))
            yield return new(FindingLevel.Note, "capabilities", "CAP_PERFMON is missing: a lookup costs more, as the kernel adds mitigations to the program.", "Add the capability, if that matters.");
    }

    private static string Hint(KernelFacts kernel) =>
        kernel.HasSeccompFilter ? "A seccomp filter is on, and most of them forbid bpf(2): run the container with a profile that allows it, or with '--security-opt seccomp=unconfined'."
        : kernel.Lockdown is "confidentiality" or "integrity" ? $"The kernel is in lockdown ({kernel.Lockdown}), which may forbid it: see kernel_lockdown(7)."
        : kernel.UnprivilegedBpfDisabled is 1 or 2 ? "bpf(2) is for privileged processes only (kernel.unprivileged_bpf_disabled): capabilities of a user namespace do not count; give those of the machine itself, or a BPF token."
        : "A security module may forbid it; the log of the kernel tells more.";
}
