using System.Diagnostics.CodeAnalysis;
using Everyport.Steering.Inspection;

namespace Everyport.Proxy.Doctor;

/// <summary>What is known of the machine, read once at the edge; checks only look at this.</summary>
internal sealed record Machine : KernelFacts
{
    public Machine()
    {
    }

    [SetsRequiredMembers]
    public Machine(KernelFacts kernel) : base(kernel)
    {
    }

    /// <summary>The directory of <c>Steering:PinPath</c>; null where nothing is to be pinned.</summary>
    public PinFacts? Pins { get; init; }

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
