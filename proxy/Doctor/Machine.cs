using Everyport.Steering.Inspection;

namespace Everyport.Proxy.Doctor;

/// <summary>What is known of the machine, read once at the edge; checks only look at this.</summary>
internal sealed record Machine
{
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

    /// <summary>The most descriptors that the process may have.</summary>
    public long MostDescriptors { get; init; } = long.MaxValue;

    /// <summary>The most bytes that it may lock in memory.</summary>
    public long MostLockedMemory { get; init; } = long.MaxValue;

    /// <summary>The bytes of memory that it may use.</summary>
    public long Memory { get; init; } = long.MaxValue;

    public NamespaceFacts Network { get; init; } = new();

    /// <summary>The names of programs that listen, by the inode of their sockets.</summary>
    public IReadOnlyDictionary<uint, string> Owners { get; init; } = new Dictionary<uint, string>();

    /// <summary>Whether the kernel has IPv6, and it is not switched off.</summary>
    public bool HasIPv6 { get; init; } = true;

    /// <summary>The strictest <c>rp_filter</c> of any interface.</summary>
    public int ReversePathFilter { get; init; }

    /// <summary>Connections that conntrack follows, and may follow; null where there is none.</summary>
    public (long Count, long Most)? Conntrack { get; init; }

    /// <summary><c>net.ipv4.ip_unprivileged_port_start</c>.</summary>
    public int FirstUnprivilegedPort { get; init; } = 1024;

    public bool IsContainer { get; init; }

    /// <summary>Why host names of destinations do not resolve; null for those that do.</summary>
    public IReadOnlyDictionary<string, string?> Names { get; init; } = new Dictionary<string, string?>();
}
