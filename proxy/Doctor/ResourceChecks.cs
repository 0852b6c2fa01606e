using System.Globalization;
using Everyport.Proxy.Configuration;
using Everyport.Steering.Inspection;

namespace Everyport.Proxy.Doctor;

/// <summary>Whether there is room for what the limits allow.</summary>
internal static class ResourceChecks
{
    /// <summary>A stream has two sockets, and HTTP about as many; the rest is for files, epoll and listeners.</summary>
    private const int DescriptorsOfAConnection = 2, DescriptorsOfTheProgram = 500;

    private const long LeastMemory = 256L << 20, LeastLockedMemory = 64L << 20;

    /// <summary>From here on BPF maps count as memory of the cgroup, and no longer as locked memory.</summary>
    private static readonly Version MemoryByCgroup = new(5, 11);

    public static IEnumerable<Finding> Of(Machine machine, Limits limits)
    {
        var wanted = (long)limits.MaxConnections * DescriptorsOfAConnection + limits.MaxFlows + DescriptorsOfTheProgram;
        if (machine.MostDescriptors < wanted)
        {
            yield return new(FindingLevel.Warning, "descriptors", $"The process may have {Say(machine.MostDescriptors)} descriptors; Limits:MaxConnections ({Say(limits.MaxConnections)}) and MaxFlows ({Say(limits.MaxFlows)}) may take {Say(wanted)}. When there is none left, new connections are reset.",
                "Raise the limit ('ulimit -Hn', LimitNOFILE of systemd, '--ulimit nofile' of a container), or lower Limits:MaxConnections and MaxFlows.");
        }
        else
        {
            yield return new(FindingLevel.Fine, "descriptors", $"There is room for {Say(limits.MaxConnections)} connections and {Say(limits.MaxFlows)} flows.");
        }
        if (machine.Memory < LeastMemory)
            yield return new(FindingLevel.Warning, "memory", $"The process may use {machine.Memory >> 20} MiB of memory.", $"Give it {LeastMemory >> 20} MiB or more.");
        if (machine.Kernel < MemoryByCgroup && machine.MostLockedMemory < LeastLockedMemory)
            yield return new(FindingLevel.Problem, "memory", $"The process may lock {machine.MostLockedMemory >> 10} KiB of memory, and before Linux 5.11 BPF maps are locked memory.", "Raise the limit ('ulimit -l unlimited', LimitMEMLOCK=infinity of systemd).");
        if (machine.Conntrack is not { } conntrack)
            yield break;
        if (conntrack.Count * 10 > conntrack.Most * 8)
            yield return new(FindingLevel.Warning, "conntrack", $"The table of conntrack is nearly full ({Say(conntrack.Count)} of {Say(conntrack.Most)}): when it is, the kernel drops packets of new connections.", "Raise net.netfilter.nf_conntrack_max, or exempt the steered addresses with a rule 'notrack'.");
        else if (conntrack.Most < (long)limits.MaxConnections * DescriptorsOfAConnection)
            yield return new(FindingLevel.Note, "conntrack", $"conntrack follows {Say(conntrack.Most)} connections at most, fewer than {Say(limits.MaxConnections)} proxied ones take.", "Raise net.netfilter.nf_conntrack_max, or exempt the steered addresses with a rule 'notrack'.");
    }

    private static string Say(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
