using Everyport.Proxy.Clusters;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Flows;

/// <summary>
/// One client and one original destination, with the sockets that serve them. Kept by a <see cref="FlowTable"/>, opened and
/// closed by its <see cref="FlowEngine"/>, and touched by no other thread.
/// </summary>
internal sealed class Flow(FlowKey key, FlowRoute route, DestinationState destination, UpstreamSocket upstream) : ReactorTimer
{
    public FlowKey Key => key;

    public FlowRoute Route => route;

    public DestinationState Destination => destination;

    public UpstreamSocket Upstream => upstream;

    /// <summary>Where answers leave from; null until there is one.</summary>
    public ReplySocket? Reply { get; set; }

    /// <summary>When it was opened, in milliseconds.</summary>
    public long OpenedAt { get; init; }

    public FlowCount ToDestination, ToClient;

    public ReplyBudget Budget = new(route.Settings.ReplyBudget);

    /// <summary>What epoll knows the flow by; never used twice.</summary>
    internal ulong Id { get; set; }

    /// <summary>When a datagram last went either way, in milliseconds.</summary>
    internal long LastUsed { get; set; }

    /// <summary>The order it is in; null once it is no longer in the table.</summary>
    internal FlowOrder? Order { get; set; }

    /// <summary>Its neighbours there.</summary>
    internal Flow? Older { get; set; }

    /// <inheritdoc cref="Older"/>
    internal Flow? Newer { get; set; }

    /// <summary>The table that times it.</summary>
    internal FlowTable? Table { get; set; }

    public override void OnDeadline() => Table?.IdleTimeoutMayBeOver(this);
}
