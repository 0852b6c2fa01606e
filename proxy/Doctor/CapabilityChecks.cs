using Everyport.Steering.Inspection;

namespace Everyport.Proxy.Doctor;

/// <summary>What the proxy does besides steering, and may not be allowed to.</summary>
internal static class CapabilityChecks
{
    private const int CapNetBindService = 10, CapNetRaw = 13;

    public static IEnumerable<Finding> Of(Machine machine)
    {
        if (!machine.Has(CapNetBindService) && machine.FirstUnprivilegedPort > 1)
            yield return new(FindingLevel.Warning, "capabilities", $"CAP_NET_BIND_SERVICE is missing: UDP from ports below {machine.FirstUnprivilegedPort} cannot be answered.", "Add the capability, or set net.ipv4.ip_unprivileged_port_start=0.");
        if (!machine.Has(CapNetRaw))
            yield return new(FindingLevel.Note, "capabilities", "CAP_NET_RAW is missing: UDP clients are not told by ICMP that a destination is unreachable.", "Add the capability, if that matters.");
        if (machine.BpfFilesystems.Count == 0)
            yield return new(FindingLevel.Note, "bpffs", "No bpffs is mounted: Steering:PinPath cannot be used.", "'mount -t bpf bpf /sys/fs/bpf', if it is wanted.");
    }
}
