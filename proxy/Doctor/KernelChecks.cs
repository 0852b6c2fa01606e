namespace Everyport.Proxy.Doctor;

/// <summary>Whether the kernel lets this process steer.</summary>
internal static class KernelChecks
{
    private const int CapNetBindService = 10, CapNetRaw = 13, CapSysAdmin = 21, CapPerfMon = 38;

    /// <summary>The kernel attaches no more of one kind to a namespace.</summary>
    private const int MostPrograms = 64;

    public static IEnumerable<Finding> Of(Machine machine)
    {
        foreach (var missing in machine.Missing)
            yield return new(FindingLevel.Problem, "steering", $"{char.ToUpperInvariant(missing[0])}{missing[1..]}.", "Without it nothing can be steered.");
        if (machine.Missing.Count == 0 && machine.LoadError is { } error)
            yield return new(FindingLevel.Problem, "BPF", error, Hint(machine));
        if (machine.Missing.Count == 0 && machine.LoadError is null)
            yield return new(FindingLevel.Fine, "steering", $"Linux {machine.Kernel} loads the BPF program.");

        if (machine.AttachedPrograms >= MostPrograms)
            yield return new(FindingLevel.Problem, "BPF", $"{machine.AttachedPrograms} programs are attached to this network namespace already, as many as it can have.", "'bpftool link show' lists them; end those that nobody needs.");
        else if (machine.AttachedPrograms > 0)
            yield return new(FindingLevel.Note, "BPF", $"{machine.AttachedPrograms} sk_lookup programs are attached to this network namespace already; they decide beside this one, the first to take a socket wins.", "'bpftool link show' lists them. One of them may be this proxy, if it runs.");

        if (!Has(machine, CapNetBindService) && machine.FirstUnprivilegedPort > 1)
            yield return new(FindingLevel.Warning, "capabilities", $"CAP_NET_BIND_SERVICE is missing: UDP from ports below {machine.FirstUnprivilegedPort} cannot be answered.", "Add the capability, or set net.ipv4.ip_unprivileged_port_start=0.");
        if (!Has(machine, CapNetRaw))
            yield return new(FindingLevel.Note, "capabilities", "CAP_NET_RAW is missing: UDP clients are not told by ICMP that a destination is unreachable.", "Add the capability, if that matters.");
        if (!Has(machine, CapPerfMon) && !Has(machine, CapSysAdmin))
            yield return new(FindingLevel.Note, "capabilities", "CAP_PERFMON is missing: a lookup costs more, as the kernel adds mitigations to the program.", "Add the capability, if that matters.");
        if (machine.BpfFilesystems.Count == 0)
            yield return new(FindingLevel.Note, "bpffs", "No bpffs is mounted: Steering:PinPath cannot be used.", "'mount -t bpf bpf /sys/fs/bpf', if it is wanted.");
    }

    private static bool Has(Machine machine, int capability) => (machine.Capabilities & (1UL << capability)) != 0;

    private static string Hint(Machine machine) =>
        machine.HasSeccompFilter ? "A seccomp filter is on, and most of them forbid bpf(2): run the container with a profile that allows it, or with '--security-opt seccomp=unconfined'."
        : machine.Lockdown is "confidentiality" or "integrity" ? $"The kernel is in lockdown ({machine.Lockdown}), which may forbid it: see kernel_lockdown(7)."
        : machine.UnprivilegedBpfDisabled is 1 or 2 ? "bpf(2) is for privileged processes only (kernel.unprivileged_bpf_disabled): capabilities of a user namespace do not count; give those of the machine itself, or a BPF token."
        : "A security module may forbid it; the log of the kernel tells more.";
}
