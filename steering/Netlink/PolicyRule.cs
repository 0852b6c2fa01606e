using Everyport.Steering.Rules;

namespace Everyport.Steering.Netlink;

/// <summary>A policy rule that sends TCP segments of one sender to a routing table; see ip-rule(8).</summary>
/// <param name="Source">The address that they come from.</param>
/// <param name="SourcePorts">The ports that they come from.</param>
internal readonly record struct PolicyRule(Address Source, PortRange SourcePorts)
{
    /// <summary>The ports that they go to.</summary>
    public PortRange DestinationPorts { get; init; } = PortRange.All;

    /// <summary>Whether the sender is this machine; otherwise it is any.</summary>
    public bool SentHere { get; init; }

    /// <summary>The mark that they carry; 0 where that does not matter.</summary>
    public uint Mark { get; init; }

    /// <summary>When the rule has its turn: the lowest is the first.</summary>
    public required uint Priority { get; init; }

    /// <summary>The routing table.</summary>
    public required uint Table { get; init; }

    /// <summary>As <c>ip rule</c> writes it.</summary>
    public override string ToString() =>
        $"from {Source} ipproto tcp{Ports("sport", SourcePorts)}{Ports("dport", DestinationPorts)}{(SentHere ? " iif lo" : "")}{(Mark == 0 ? "" : $" fwmark {Mark}")} lookup {Table}";

    private static string Ports(string name, PortRange range) => range == PortRange.All ? "" : $" {name} {range}";
}
