using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Sniffing.Quic;

namespace Everyport.Proxy.Flows;

/// <content>
/// Flows for which more than addresses and ports has to be known: QUIC connections that go on from another address, and
/// those that a stream takes by the name in their hello.
/// </content>
internal sealed partial class FlowEngine
{
    /// <summary>So many answers of a new flow are looked at for the connection IDs of its server.</summary>
    private const int AnswersOfAHandshake = 8;

    /// <summary>Decides about a datagram of no flow. Null: it is refused, or kept until more of the hello is there.</summary>
    private Flow? TryRoute(in FlowKey key, int place, int segment)
    {
        // Read once: what is reloaded meanwhile is for later flows.
        var rules = _shared.Rules.Current;
        var datagram = _batch.Data(place);
        if (_shared.Pins.TryFind(key.Original, datagram, out var pin, out var id) && TryOpen(key, rules, pin.Route, pin.Destination) is { } moved)
        {
            _shared.Pins.Adopt(moved, id);
            return moved;
        }

        var decision = rules.Routes.Decide(key);
        return decision.NeedsFirstBytes ? Sniff(key, rules, decision, datagram, segment) : TryOpen(key, rules, decision.Stream);
    }

    private Flow? Sniff(in FlowKey key, FlowRules rules, in RouteDecision decision, ReadOnlySpan<byte> datagram, int segment)
    {
        if (!_hellos.TryFind(key, out var pending))
            pending = new PendingHello(key, rules, decision, _hellosOver);

        var first = new FirstBytes(SniffedProtocol.Unknown);
        for (var rest = datagram; !rest.IsEmpty && first.Protocol == SniffedProtocol.Unknown;)
        {
            var length = segment == 0 ? rest.Length : Math.Min(segment, rest.Length);
            first = QuicSniffer.Classify(rest[..length], ref pending.State);
            rest = rest[length..];
        }
        if (first.Protocol == SniffedProtocol.Unknown)
        {
            Keep(pending, datagram, segment);
            return null;
        }
        _hellos.Remove(pending);
        return Resolve(pending, first);
    }

    /// <summary>Datagrams that the kernel has put together are kept apart: they are sent on one by one.</summary>
    private void Keep(PendingHello pending, ReadOnlySpan<byte> datagram, int segment)
    {
        for (var rest = datagram; !rest.IsEmpty;)
        {
            var length = segment == 0 ? rest.Length : Math.Min(segment, rest.Length);
            if (pending.Datagrams.Count < QuicSniffer.MaxDatagrams)
                pending.Keep(rest[..length]);
            rest = rest[length..];
        }
        if (!pending.IsRunning && _hellos.Add(pending, _now) is { } gone)
        {
            gone.Dispose();
            Drop(DropReason.HelloEvicted, gone.Key);
        }
    }

    /// <summary>The time for a hello is over: it goes to the stream that takes what says nothing.</summary>
    private void HelloIsOver(PendingHello pending)
    {
        _hellos.Remove(pending);
        Resolve(pending, new FirstBytes(SniffedProtocol.Raw));
        pending.Dispose();
    }

    /// <summary>Opens the flow, and sends what was kept before anything else.</summary>
    private Flow? Resolve(PendingHello pending, FirstBytes first)
    {
        if (TryOpen(pending.Key, pending.Rules, pending.Decision.Resolve(first).Stream) is not { } flow)
            return null;
        flow.ServerName = first.Hello?.ServerName;
        foreach (var datagram in pending.Datagrams)
        {
            flow.Budget.Received(datagram.Length, 1);
            flow.ToDestination.Add(1, datagram.Length);
            flow.Traffic.ToDestination.Add(1, datagram.Length);
            flow.Upstream.Send(datagram);
        }
        return flow;
    }

    /// <summary>Where the server of a flow shows its connection IDs.</summary>
    private void LearnFrom(Flow flow, int place)
    {
        if (flow.IsQuic && flow.ToClient.Datagrams <= AnswersOfAHandshake)
            _shared.Pins.Learn(flow, _batch.Data(place));
    }
}
