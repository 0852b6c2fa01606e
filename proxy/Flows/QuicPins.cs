using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing.Quic;

namespace Everyport.Proxy.Flows;

/// <summary>
/// The connection IDs that QUIC servers have chosen, and where these servers are. A client whose address changes, because a
/// NAT has forgotten it, sends to the same ID: its new flow goes to the same destination, which sees that the path
/// has changed, and checks it by itself (RFC 9000, section 9). Shared by the threads, as the new address may be
/// another one's.
/// </summary>
internal sealed class QuicPins
{
    /// <summary>Servers have one length of their own; it takes a look-up for each that has been seen.</summary>
    private const int MostLengths = 8;

    private readonly ConcurrentDictionary<Key, QuicPin> _pins = [];
    private volatile int[] _lengths = [];

    public int Count => _pins.Count;

    /// <summary>Learns from an answer; what it tells belongs to the flow until that is closed.</summary>
    public void Learn(Flow flow, ReadOnlySpan<byte> answer)
    {
        if (!QuicHeader.TryGetLongHeader(answer, out _, out _, out var chosen) || chosen.IsEmpty || !TryNoteLength(chosen.Length))
            return;
        Adopt(flow, new Key(flow.Key.Original, new QuicConnectionId(chosen)));
    }

    /// <summary>Finds the destination of a connection by a datagram of its client.</summary>
    public bool TryFind(Endpoint original, ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out QuicPin? pin, out QuicConnectionId id)
    {
        (pin, id) = (null, default);
        var lengths = _lengths;
        if (lengths.Length == 0)
            return false;
        if (QuicHeader.TryGetLongHeader(datagram, out _, out var destination, out _))
            return TryGet(original, destination, out pin, out id);

        var bytes = QuicHeader.ShortHeaderBytes(datagram);
        foreach (var length in lengths)
        {
            if (length <= bytes.Length && TryGet(original, bytes[..length], out pin, out id))
                return true;
        }
        return false;
    }

    /// <summary>A flow that goes on with a connection has it from now on.</summary>
    public void Adopt(Flow flow, QuicConnectionId id) => Adopt(flow, new Key(flow.Key.Original, id));

    /// <summary>Forgets what belongs to a flow that is closed.</summary>
    public void Forget(Flow flow)
    {
        foreach (var id in flow.ConnectionIds)
        {
            var key = new Key(flow.Key.Original, id);
            if (_pins.TryGetValue(key, out var pin) && pin.Owner == flow)
                _pins.TryRemove(KeyValuePair.Create(key, pin));
        }
    }

    private void Adopt(Flow flow, Key key)
    {
        if (flow.TryAddConnectionId(key.Id))
            _pins[key] = new QuicPin(flow.Route, flow.Destination, flow);
    }

    private bool TryGet(Endpoint original, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out QuicPin? pin, out QuicConnectionId id)
    {
        id = new QuicConnectionId(bytes);
        return _pins.TryGetValue(new Key(original, id), out pin);
    }

    private bool TryNoteLength(int length)
    {
        var lengths = _lengths;
        if (lengths.Contains(length))
            return true;
        if (lengths.Length == MostLengths)
            return false;
        _lengths = [.. lengths, length]; // of two threads that do this at once, the other one does it at the next answer
        return true;
    }

    private readonly record struct Key(Endpoint Original, QuicConnectionId Id);
}
