using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>The 4-tuple of a flow.</summary>
internal readonly record struct FlowKey(Endpoint Client, Endpoint Original);

/// <summary>One client and one original destination, with the sockets that serve them. Owned by <see cref="FlowTable"/>.</summary>
internal sealed class Flow(FlowKey key, ulong id, UpstreamSocket upstream, ReplySocket reply)
{
    public FlowKey Key => key;

    /// <summary>What epoll knows the flow by; never used twice.</summary>
    public ulong Id => id;

    public UpstreamSocket Upstream => upstream;

    public ReplySocket Reply => reply;

    /// <summary>When a datagram last went either way, in <see cref="TimeProvider.GetTimestamp"/> units.</summary>
    public long LastUsed { get; set; }

    /// <summary>Its place in the order of use.</summary>
    public LinkedListNode<Flow>? Place { get; set; }
}
