using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Proxies TCP connections at layer 4, on one reactor: chooses a destination of the stream's cluster, dials it and
/// where that fails another one, tells it about the client, and relays both ways.
/// </summary>
internal sealed partial class StreamForwarder(Reactor reactor, DestinationDialler dialler, Refusals refusals, ILogger<StreamForwarder> logger)
{
    /// <summary>Completes when the stream has ended. The caller disposes of <paramref name="client"/>.</summary>
    public async ValueTask ForwardAsync(ReactorSocket client, LiveStream stream, Steered steered, FirstBytes first, EarlyDial? early)
    {
        if (!stream.Connections.TryEnter())
        {
            if (early is not null)
                await early.DropAsync();
            client.Reset();
            refusals.Add(RefusalReason.RouteConnections, steered, stream.Route.Name);
            return;
        }
        try
        {
            using var dialled = await (early?.TakeAsync() ?? DialAsync(stream, steered));
            if (dialled.Upstream is { } upstream)
            {
                await RelayAsync(client, stream, steered, first, dialled, upstream.Socket);
                return;
            }
            // The client sees what it would see without a proxy.
            client.Reset();
            Closed(stream, steered, dialled);
        }
        finally
        {
            stream.Connections.Leave();
        }
    }

    /// <summary>Dials destinations of the cluster until one answers, or as many were tried as the route allows.</summary>
    public async ValueTask<DialledStream> DialAsync(LiveStream stream, Steered steered)
    {
        var settings = stream.Route.Settings;
        var tried = new TriedDestinations();
        var error = 0;
        while (tried.Count < settings.DialAttempts && stream.Cluster.Pick(steered.Client.Address, tried.AsSpan()) is { } destination)
        {
            tried.Add(destination);
            if (!destination.TryEnter())
                continue;
            var result = await dialler.DialAsync(destination.Destination, steered, settings);
            if (result.Connection is { } connection)
            {
                destination.ReportDial(true);
                return DialledStream.To(destination, connection);
            }
            destination.Leave();
            error = result.Error;
            // What is short here would be short for the next one, and says nothing about the destination.
            if (error is Syscalls.EMFILE or Syscalls.ENFILE or Syscalls.ENOBUFS or Syscalls.ENOMEM)
                return DialledStream.Failed(CloseReason.OutOfResources, destination, error);
            if (error != Syscalls.ECANCELED)
                destination.ReportDial(false);
        }
        return DialledStream.Failed(tried.Count == 0 ? CloseReason.NoDestination : CloseReason.DestinationUnreachable, tried.Last, error);
    }

    private async ValueTask RelayAsync(
        ReactorSocket client, LiveStream stream, Steered steered, FirstBytes first, DialledStream dialled, ReactorSocket destination)
    {
        if (stream.Route.Settings.ProxyProtocol is { } version)
            SendHeader(destination, version, steered, first);

        StreamMetrics.Opened(stream.Route);
        var started = Stopwatch.GetTimestamp();
        var relay = new Relay(reactor, client, destination, stream.Limits);
        var reason = await relay.RunAsync();
        Ended(stream, steered, dialled.Destination!.Destination, relay, reason, Stopwatch.GetElapsedTime(started));
    }

    private void Ended(LiveStream stream, Steered steered, StreamDestination destination, Relay relay, CloseReason reason, TimeSpan duration)
    {
        StreamMetrics.Closed(stream.Route, destination.Name, reason, wasOpen: true, relay.ToDestination, relay.ToClient);
        Ended(stream.Route.Name, destination, steered.Original, steered.Client, reason, relay.ToDestination, relay.ToClient, duration);
    }

    /// <summary>The send buffer of a new connection has room for it. Where it is broken already, the relay finds out.</summary>
    private static void SendHeader(ReactorSocket destination, ProxyProtocolVersion version, Steered steered, FirstBytes first)
    {
        Span<byte> header = stackalloc byte[ProxyHeaderWriter.MaxLength];
        var length = ProxyHeaderWriter.Write(header, version, steered, Encoding.ASCII.GetBytes(first.Hello?.ServerName ?? ""));
        destination.Send(header[..length]);
    }

    private void Closed(LiveStream stream, Steered steered, DialledStream dialled)
    {
        StreamMetrics.Closed(stream.Route, dialled.Destination?.Destination.Name, dialled.Failure, wasOpen: false, 0, 0);
        if (dialled.Error == Syscalls.ECANCELED)
            return;
        if (dialled.Destination is { } last)
            DialFailed(stream.Route.Name, last.Destination, steered.Original, steered.Client, dialled.Failure, Marshal.GetPInvokeErrorMessage(dialled.Error));
        else
            NoDestination(stream.Route.Name, steered.Original, steered.Client, stream.Cluster.Config.Name);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Route}: cannot reach {Destination} for {Original} from {Client}: {Reason}, {Error}")]
    private partial void DialFailed(string route, StreamDestination destination, Endpoint original, Endpoint client, CloseReason reason, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Route}: no destination of the cluster {Cluster} is healthy for {Original} from {Client}")]
    private partial void NoDestination(string route, Endpoint original, Endpoint client, string cluster);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stream {Route} to {Destination} for {Original} from {Client} ended: {Reason}, {ToDestination} bytes to the destination, {ToClient} to the client, after {Duration}")]
    private partial void Ended(
        string route, StreamDestination destination, Endpoint original, Endpoint client, CloseReason reason, long toDestination, long toClient, TimeSpan duration);
}
