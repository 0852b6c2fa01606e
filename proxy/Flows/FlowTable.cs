using System.Diagnostics.CodeAnalysis;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>
/// All flows, bounded in number, in the order of their last use. Belongs to the thread of <see cref="FlowEngine"/>.
/// </summary>
internal sealed class FlowTable(int capacity, TimeSpan idleTimeout, TimeProvider time) : IDisposable
{
    private readonly Dictionary<FlowKey, Flow> _byKey = [];
    private readonly Dictionary<ulong, Flow> _byId = [];
    private readonly HashSet<FlowKey> _upstreams = [];
    private readonly LinkedList<Flow> _byUse = [];
    private readonly ReplySockets _replies = new();
    private ulong _lastId = FirstId;

    /// <summary>Ids below are free for other users of the same epoll.</summary>
    public const ulong FirstId = 16;

    public int Count => _byKey.Count;

    public bool TryFind(FlowKey key, [NotNullWhen(true)] out Flow? flow) => _byKey.TryGetValue(key, out flow);

    public bool TryFind(ulong id, [NotNullWhen(true)] out Flow? flow) => _byId.TryGetValue(id, out flow);

    /// <summary>Whether a datagram comes from a socket of our own. Asked where there is no flow: none is opened for these.</summary>
    public bool IsLoop(FlowKey key) => _upstreams.Contains(key);

    /// <summary>Opens a flow; where the table is full it takes the place of the one that is idle for longest.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The kernel refuses one of the sockets.</exception>
    public Flow Open(FlowKey key, Endpoint destination)
    {
        if (_byKey.Count >= capacity)
            CloseIdlest();

        var upstream = new UpstreamSocket(destination);
        ReplySocket reply;
        try
        {
            reply = _replies.Acquire(key.Original);
        }
        catch
        {
            upstream.Dispose();
            throw;
        }

        // Our socket has got an address that was that of a client before.
        if (_byKey.TryGetValue(upstream.Name, out var former))
            Close(former);
        _upstreams.Add(upstream.Name);

        var flow = new Flow(key, ++_lastId, upstream, reply);
        _byKey.Add(key, flow);
        _byId.Add(flow.Id, flow);
        flow.Place = _byUse.AddLast(flow);
        flow.LastUsed = time.GetTimestamp();
        return flow;
    }

    /// <summary>Notes that a datagram of the flow has just gone by.</summary>
    public void Touch(Flow flow)
    {
        flow.LastUsed = time.GetTimestamp();
        _byUse.Remove(flow.Place!);
        _byUse.AddLast(flow.Place!);
    }

    /// <summary>Closes the flow that is idle for longest; false where there is none.</summary>
    public bool CloseIdlest()
    {
        if (_byUse.First is not { } idlest)
            return false;
        Close(idlest.Value);
        return true;
    }

    /// <summary>Closes flows that were idle for too long.</summary>
    public void Expire()
    {
        while (_byUse.First is { } idlest && time.GetElapsedTime(idlest.Value.LastUsed) > idleTimeout)
            Close(idlest.Value);
    }

    public void Close(Flow flow)
    {
        _byKey.Remove(flow.Key);
        _byId.Remove(flow.Id);
        _byUse.Remove(flow.Place!);
        _upstreams.Remove(flow.Upstream.Name);
        flow.Upstream.Dispose();
        _replies.Release(flow.Reply);
    }

    public void Dispose()
    {
        while (CloseIdlest()) { }
        _replies.Dispose();
    }
}
