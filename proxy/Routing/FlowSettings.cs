namespace Everyport.Proxy.Routing;

/// <summary>What only streams of UDP can be told.</summary>
internal sealed record FlowSettings
{
    /// <summary>More than DNS needs with EDNS (4,096 bytes for some 60), far less than makes NTP, memcached or CHARGEN weapons.</summary>
    public const int DefaultReplyBudget = 100;

    /// <summary>How many flows there may be at one time; null for as many as come.</summary>
    public int? MaxFlows { get; init; }

    /// <summary>Whether a flow ends with the answer to each of its datagrams, as those of DNS.</summary>
    public bool SingleExchange { get; init; }

    /// <summary>How many bytes a client whose address may be false is answered for each byte that it sends; null for as many as come.</summary>
    public int? ReplyBudget { get; init; } = DefaultReplyBudget;
}
