using Everyport.Proxy.Logs;
using Everyport.Proxy.Routing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Flows;

/// <content>How a flow ends.</content>
internal sealed partial class FlowEngine
{
    /// <summary>The destination is unreachable: the client is told so, as the kernel would tell it were there no proxy.</summary>
    private void Refused(Flow flow)
    {
        flow.Destination.ReportDial(false);
        _shared.Unreachable.Tell(flow.Key);
        Close(flow, FlowCloseReason.DestinationUnreachable);
    }

    private void Close(Flow flow, FlowCloseReason reason)
    {
        _flows.Remove(flow);
        _live.Remove(flow);
        _shared.Pins.Forget(flow);
        // In this order: as long as the socket is open, nobody else can have its name.
        _shared.OwnNames.Remove(flow.Upstream);
        flow.Upstream.Dispose();
        if (flow.Reply is { } reply)
            _replies.Release(reply);
        flow.Destination.Leave();
        Leave(flow.Key, flow.Sources!, flow.Route);
        FlowTraffic.Leave(flow.Traffic);

        var destination = flow.Destination.Destination;
        var duration = TimeSpan.FromMilliseconds(_now - flow.OpenedAt);
        FlowMetrics.Closed(flow.Route.Route, destination.Name, reason, duration);
        _shared.Records.Ended(RecordOf(flow, reason, duration));
        Ended(
            flow.Route.Route.Name, destination, flow.Key.Original, flow.Key.Client, reason, flow.ToDestination.Datagrams, flow.ToDestination.Bytes,
            flow.ToClient.Datagrams, flow.ToClient.Bytes, duration);
    }

    private static FlowRecord RecordOf(Flow flow, FlowCloseReason reason, TimeSpan duration) => new()
    {
        Steered = new Steered(flow.Key.Client, flow.Key.Original),
        Route = flow.Route.Route.Name,
        Cluster = flow.Route.Route.ClusterId,
        Destination = flow.Destination.Destination.Name,
        ServerName = flow.ServerName,
        In = flow.ToDestination,
        Out = flow.ToClient,
        Duration = duration,
        Reason = reason,
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "Flow of {Route} to {Destination} for {Original} from {Client} ended: {Reason}, "
        + "{DatagramsToDestination} datagrams ({BytesToDestination} bytes) to the destination, {DatagramsToClient} ({BytesToClient}) to the client, after {Duration}")]
    private partial void Ended(
        string route, StreamDestination destination, Endpoint original, Endpoint client, FlowCloseReason reason,
        long datagramsToDestination, long bytesToDestination, long datagramsToClient, long bytesToClient, TimeSpan duration);
}
