using System.Runtime.InteropServices;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing.Quic;
using Everyport.Proxy.Streams;

namespace Everyport.Proxy.Flows;

/// <content>How a flow begins. Whatever is refused leaves no trace but a count.</content>
internal sealed partial class FlowEngine
{
    private const int MostDestinations = 3;

    /// <summary>A flow for a datagram that belongs to none.</summary>
    private Flow? TryOpen(in FlowKey key, int place, int segment)
    {
        if (_shared.OwnNames.IsUpstream(key))
            return Drop(DropReason.Loop, key);
        if (_shared.OwnNames.IsReply(key.Client))
            return Drop(DropReason.FalseSource, key);
        if (!_opening.TryTake())
            return Drop(DropReason.Overload, key);
        var flow = TryRoute(key, place, segment);
        flow?.IsQuic = QuicHeader.TryGetLongHeader(_batch.Data(place), out _, out _, out _);
        return flow;
    }

    private Flow? TryOpen(in FlowKey key, FlowRules rules, StreamRoute? stream) =>
        stream is null ? Drop(DropReason.NoRoute, key) : TryOpen(key, rules, rules.Routes[stream], destination: null);

    /// <summary>Opens a flow to any destination of a route's cluster, or to one that is known already.</summary>
    private Flow? TryOpen(in FlowKey key, FlowRules rules, FlowRoute route, DestinationState? destination)
    {
        if (!TryAdmit(key, rules, route))
            return null;
        if ((destination is null ? TryConnect(key, rules, route) : TryConnect(key, rules, route, destination)) is { } flow)
            return flow;
        Leave(key, rules.Sources, route);
        return null;
    }

    private Flow? TryConnect(in FlowKey key, FlowRules rules, FlowRoute route, DestinationState destination)
    {
        if (!destination.TryEnter())
            return null;
        var error = 0;
        if (TryConnect(key, destination, ref error) is { } upstream && Open(key, rules, route, destination, upstream, ref error) is { } flow)
            return flow;
        destination.Leave();
        return null;
    }

    private Flow? Drop(DropReason reason, in FlowKey key, string? detail = null)
    {
        _shared.Drops.Add(reason, key, detail);
        return null;
    }

    private bool TryAdmit(in FlowKey key, FlowRules rules, FlowRoute route)
    {
        if (!rules.Sources.TryEnter(key.Client.Address, out var refusal))
        {
            Drop(refusal == RefusalReason.SourceRate ? DropReason.SourceRate : DropReason.SourceFlows, key);
            return false;
        }
        if (!route.Flows.TryEnter())
        {
            rules.Sources.Leave(key.Client.Address);
            Drop(DropReason.RouteFlows, key, route.Route.Name);
            return false;
        }
        while (!rules.Total.TryEnter())
        {
            if (TryEvict())
                continue;
            route.Flows.Leave();
            rules.Sources.Leave(key.Client.Address);
            Drop(DropReason.TotalFlows, key);
            return false;
        }
        return true;
    }

    private void Leave(in FlowKey key, SourceLimits sources, FlowRoute route)
    {
        // The count is the same one, whatever the maximum is by now.
        _shared.Rules.Current.Total.Leave();
        route.Flows.Leave();
        sources.Leave(key.Client.Address);
    }

    private Flow? TryConnect(in FlowKey key, FlowRules rules, FlowRoute route)
    {
        var tried = new TriedDestinations();
        var error = 0;
        while (tried.Count < MostDestinations && route.Cluster.Pick(key.Client.Address, tried.AsSpan()) is { } destination)
        {
            tried.Add(destination);
            if (!destination.TryEnter())
                continue;
            if (TryConnect(key, destination, ref error) is { } upstream && Open(key, rules, route, destination, upstream, ref error) is { } flow)
                return flow;
            destination.Leave();
        }
        return error == 0
            ? Drop(DropReason.NoDestination, key, route.Route.Name)
            : Drop(DropReason.CannotOpen, key, Marshal.GetPInvokeErrorMessage(error));
    }

    /// <summary>Nothing is sent yet: what fails here is a lack of routes or descriptors, and says nothing about the destination.</summary>
    private UpstreamSocket? TryConnect(in FlowKey key, DestinationState state, ref int error)
    {
        var destination = state.Destination;
        if (destination.LiteralFor(key.Original) is { } literal)
            return TryConnect(literal, ref error);
        if (!_shared.HostNames.TryGet(destination.Host, out var addresses))
            return null;
        foreach (var address in addresses)
        {
            if (TryConnect(new Endpoint(address, destination.PortFor(key.Original)), ref error) is { } socket)
                return socket;
        }
        return null;
    }

    private UpstreamSocket? TryConnect(Endpoint destination, ref int error)
    {
        UpstreamSocket? socket;
        do
            error = UpstreamSocket.Open(destination, out socket);
        while (IsShortOfDescriptors(error) && TryFreeDescriptor());
        return socket;
    }

    /// <summary>Where the socket cannot be watched it is closed, and nothing else has changed.</summary>
    private Flow? Open(in FlowKey key, FlowRules rules, FlowRoute route, DestinationState destination, UpstreamSocket upstream, ref int error)
    {
        if (!_epoll.TryAdd(upstream.Handle, _flows.NextId, Syscalls.EpollIn))
        {
            error = Marshal.GetLastPInvokeError();
            upstream.Dispose();
            return null;
        }
        var flow = new Flow(key, route, destination, upstream) { OpenedAt = _now, Sources = rules.Sources, Traffic = _traffic.Enter(route) };
        // Our socket has got an address that was that of a client before.
        if (_flows.TryFind(upstream.Name, out var former))
            Close(former, FlowCloseReason.AddressReused);
        _shared.OwnNames.Add(upstream);
        _flows.Add(flow, _now);
        _live.Add(flow);
        return flow;
    }

    private bool TryOpenReply(Flow flow)
    {
        int error;
        ReplySocket? socket;
        do
            error = _replies.Acquire(flow.Key.Original, out socket);
        while (IsShortOfDescriptors(error) && (_replies.CloseIdlest() || TryEvict(flow)));
        flow.Reply = socket;
        if (error == 0)
            return true;
        Drop(DropReason.CannotAnswer, flow.Key, Marshal.GetPInvokeErrorMessage(error));
        Close(flow, FlowCloseReason.CannotAnswer);
        return false;
    }

    private static bool IsShortOfDescriptors(int error) => error is Syscalls.EMFILE or Syscalls.ENFILE;

    private bool TryFreeDescriptor() => _replies.CloseIdlest() || TryEvict();

    /// <summary>Closes the flow that is worth least, unless that is the one which needs the room.</summary>
    private bool TryEvict(Flow? except = null)
    {
        if (_flows.LeastValuable is not { } flow || flow == except)
            return false;
        Close(flow, FlowCloseReason.Evicted);
        return true;
    }
}
