using System.Collections.Concurrent;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>
/// What datagrams of our own look like, so that one that is steered back to us is recognised and goes no further. For
/// any number of threads.
/// </summary>
internal sealed class OwnNames
{
    private readonly ConcurrentDictionary<FlowKey, bool> _upstreams = [];
    private readonly ConcurrentDictionary<Endpoint, int> _replies = [];

    /// <summary>Whether a datagram is one that we have sent to a destination, which the rules steer back.</summary>
    public bool IsUpstream(in FlowKey key) => _upstreams.ContainsKey(key);

    /// <summary>Whether a datagram is an answer of ours, to a client that claimed to have an address which the rules steer.</summary>
    public bool IsReply(Endpoint from) => _replies.ContainsKey(from);

    public void Add(UpstreamSocket socket) => _upstreams[socket.Name] = true;

    public void Remove(UpstreamSocket socket) => _upstreams.TryRemove(socket.Name, out _);

    /// <summary>Each thread may have a socket of its own for one original destination.</summary>
    public void Add(ReplySocket socket) => _replies.AddOrUpdate(socket.Original, 1, static (_, count) => count + 1);

    public void Remove(ReplySocket socket)
    {
        while (_replies.TryGetValue(socket.Original, out var count))
        {
            if (count > 1 ? _replies.TryUpdate(socket.Original, count - 1, count) : _replies.TryRemove(new(socket.Original, count)))
                return;
        }
    }
}
