using System.Diagnostics.CodeAnalysis;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Flows;

/// <summary>
/// All flows of one thread: finds them, knows which has been idle for too long, and which has to go when there is no room.
/// </summary>
internal sealed class FlowTable(long now)
{
    /// <summary>Ids below are free for other users of the same epoll.</summary>
    public const ulong FirstId = 16;

    /// <summary>
    /// The share of flows whose client has not sent again after an answer, one in so many, that is never evicted for the sake
    /// of the others: without it, no new flow would live long enough where all others are old.
    /// </summary>
    private const int ShareOfNew = 4;

    private readonly Dictionary<FlowKey, Flow> _byKey = [];
    private readonly Dictionary<ulong, Flow> _byId = [];
    private readonly FlowOrder _new = new(), _proven = new();
    private readonly TimerWheel _timers = new(now);
    private readonly List<Flow> _expired = [];
    private ulong _lastId = FirstId;
    private long _now = now;
    private long _longestIdle = long.MaxValue;

    public int Count => _byKey.Count;

    public bool TryFind(in FlowKey key, [NotNullWhen(true)] out Flow? flow) => _byKey.TryGetValue(key, out flow);

    public bool TryFind(ulong id, [NotNullWhen(true)] out Flow? flow) => _byId.TryGetValue(id, out flow);

    /// <summary>The id that the next flow gets.</summary>
    public ulong NextId => _lastId + 1;

    /// <summary>Adds a flow and gives it its id.</summary>
    public void Add(Flow flow, long now)
    {
        flow.Id = ++_lastId;
        flow.Table = this;
        flow.LastUsed = now;
        _byKey.Add(flow.Key, flow);
        _byId.Add(flow.Id, flow);
        _new.Add(flow);
        _timers.Start(flow, now + IdleTimeout(flow));
    }

    public void Remove(Flow flow)
    {
        _byKey.Remove(flow.Key);
        _byId.Remove(flow.Id);
        flow.Order?.Remove(flow);
        _timers.Stop(flow);
    }

    /// <summary>From now on no flow may be idle for longer than this.</summary>
    public void LimitIdleTimeout(long limit)
    {
        if (_longestIdle == limit)
            return;
        _longestIdle = limit;
        foreach (var flow in _byKey.Values)
            _timers.Start(flow, flow.LastUsed + IdleTimeout(flow));
    }

    /// <summary>Notes that a datagram of the flow has just gone by.</summary>
    public void Touch(Flow flow, long now)
    {
        flow.LastUsed = now;
        if (flow.Order == _new && flow.Budget.IsProven)
        {
            _new.Remove(flow);
            _proven.Add(flow);
        }
        else
        {
            flow.Order!.Touch(flow);
        }
    }

    /// <summary>
    /// The flow that makes room for another one: of those whose client has not sent again after an answer, the one that is
    /// idle for longest. A flood of clients that do not exist does not end the flows of others.
    /// </summary>
    public Flow? LeastValuable => _new.Count * ShareOfNew > Count ? _new.Oldest : _proven.Oldest ?? _new.Oldest;

    /// <summary>The flows that have become idle for too long. The list is good until the next call.</summary>
    public IReadOnlyList<Flow> Expire(long now)
    {
        _expired.Clear();
        _now = now;
        _timers.Advance(now);
        return _expired;
    }

    private long IdleTimeout(Flow flow) => Math.Min(flow.Route.IdleTimeout, _longestIdle);

    /// <summary>A flow is only looked at as often as its time-out passes: to move its timer with every datagram would cost more.</summary>
    internal void IdleTimeoutMayBeOver(Flow flow)
    {
        var deadline = flow.LastUsed + IdleTimeout(flow);
        if (deadline > _now)
            _timers.Start(flow, deadline);
        else
            _expired.Add(flow);
    }
}
