using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing.Quic;

namespace Everyport.Proxy.Flows;

/// <summary>The first datagrams of a client whose hello is not complete yet; they are sent on when a route is found.</summary>
internal sealed class PendingHello(FlowKey key, FlowRules rules, RouteDecision decision, Action<PendingHello> onDeadline) : ReactorTimer, IDisposable
{
    private readonly List<byte[]> _datagrams = [];

    /// <summary>What is known of the hello.</summary>
    public QuicHelloState? State;

    public FlowKey Key => key;

    /// <summary>What was in force when its first datagram came.</summary>
    public FlowRules Rules => rules;

    public RouteDecision Decision => decision;

    public IReadOnlyList<byte[]> Datagrams => _datagrams;

    public void Keep(ReadOnlySpan<byte> datagram) => _datagrams.Add(datagram.ToArray());

    public override void OnDeadline() => onDeadline(this);

    public void Dispose() => State?.Dispose();
}
