using System.Runtime.InteropServices;
using System.Text;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Proxies TCP connections at layer 4, on one reactor: chooses a destination of the stream's cluster, dials it and
/// where that fails another one, tells it about the client, and relays both ways.
/// </summary>
internal sealed partial class StreamForwarder(Reactor reactor, DestinationDialler dialler, Refusals refusals, ILogger<StreamForwarder> logger)
{
    /// <summary>Completes when the stream has ended. The caller disposes of the client's socket.</summary>
    public async ValueTask ForwardAsync(PendingStream pending)
    {
        var stream = pending.Stream;
        if (!pending.TryEnter())
        {
            Refuse(pending);
            return;
        }
        try
        {
            using var dialled = await (pending.Early?.TakeAsync() ?? DialAsync(pending));
            if (dialled.Upstream is not { } upstream)
            {
                // The client sees what it would see without a proxy.
                pending.Client.Reset();
                NotDialled(pending, dialled);
                return;
            }
            if (stream.Route.Settings.ProxyProtocol is { } version)
                SendHeader(upstream.Socket, version, pending);

            StreamMetrics.Opened(stream.Route);
            var relay = new Relay(reactor, pending.Client, upstream.Socket, stream.Limits);
            Ended(pending, dialled.Destination!.Destination, relay, await relay.RunAsync());
        }
        finally
        {
            pending.Leave();
        }
    }

    /// <summary>Dials destinations of the cluster until one answers, or as many were tried as the route allows.</summary>
    public async ValueTask<DialledStream> DialAsync(PendingStream pending)
    {
        var (cluster, settings) = (pending.Stream.Cluster, pending.Stream.Route.Settings);
        var tried = new TriedDestinations();
        var error = 0;
        while (tried.Count < settings.DialAttempts && cluster.Pick(pending.Steered.Client.Address, tried.AsSpan()) is { } destination)
        {
            tried.Add(destination);
            if (!destination.TryEnter())
                continue;
            var result = await dialler.DialAsync(destination.Destination, pending.Steered, settings);
            if (result.Connection is { } connection)
            {
                destination.ReportDial(true);
                return DialledStream.To(destination, connection);
            }
            destination.Leave();
            error = result.Error;
            if (error == Syscalls.ECANCELED)
                return DialledStream.Failed(CloseReason.Stopping, destination, error);
            // What is short here would be short for the next one, and says nothing about the destination.
            if (error is Syscalls.EMFILE or Syscalls.ENFILE or Syscalls.ENOBUFS or Syscalls.ENOMEM)
                return DialledStream.Failed(CloseReason.OutOfResources, destination, error);
            if (!IsOurs(error))
                destination.ReportDial(false);
        }
        return DialledStream.Failed(tried.Count == 0 ? CloseReason.NoDestination : CloseReason.DestinationUnreachable, tried.Last, error);
    }

    /// <summary>Errors before anything was sent: no port is left to dial from, or dialling from there is not allowed.</summary>
    private static bool IsOurs(int error) => error is Syscalls.EADDRINUSE or Syscalls.EADDRNOTAVAIL or Syscalls.EPERM or Syscalls.EACCES;

    /// <summary>The send buffer of a new connection has room for it. Where it is broken already, the relay finds out.</summary>
    private static void SendHeader(ReactorSocket destination, ProxyProtocolVersion version, PendingStream pending)
    {
        Span<byte> header = stackalloc byte[ProxyHeaderWriter.MaxLength];
        var length = ProxyHeaderWriter.Write(header, version, pending.Steered, Encoding.ASCII.GetBytes(pending.Hello?.ServerName ?? ""));
        destination.Send(header[..length]);
    }

    private void Refuse(PendingStream pending)
    {
        pending.Early?.Drop();
        pending.Client.Reset();
        refusals.Add(RefusalReason.RouteConnections, pending.Steered, pending.Stream.Route.Name);
    }

    private void Ended(PendingStream pending, StreamDestination destination, Relay relay, CloseReason reason)
    {
        var route = pending.Stream.Route;
        StreamMetrics.Closed(route, destination.Name, reason, wasOpen: true, relay.ToDestination, relay.ToClient);
        Ended(route.Name, destination, pending.Steered.Original, pending.Steered.Client, reason, relay.ToDestination, relay.ToClient, relay.Milliseconds);
    }

    private void NotDialled(PendingStream pending, DialledStream dialled)
    {
        var (route, steered) = (pending.Stream.Route, pending.Steered);
        StreamMetrics.Closed(route, dialled.Destination?.Destination.Name, dialled.Failure, wasOpen: false, 0, 0);
        if (dialled.Error == Syscalls.ECANCELED)
            return;
        if (dialled.Destination is { } last)
            DialFailed(route.Name, last.Destination, steered.Original, steered.Client, dialled.Failure, Marshal.GetPInvokeErrorMessage(dialled.Error));
        else
            NoDestination(route.Name, steered.Original, steered.Client, pending.Stream.Cluster.Config.Name);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Route}: cannot reach {Destination} for {Original} from {Client}: {Reason}, {Error}")]
    private partial void DialFailed(string route, StreamDestination destination, Endpoint original, Endpoint client, CloseReason reason, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Route}: no destination of the cluster {Cluster} is healthy for {Original} from {Client}")]
    private partial void NoDestination(string route, Endpoint original, Endpoint client, string cluster);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stream {Route} to {Destination} for {Original} from {Client} ended: {Reason}, {ToDestination} bytes to the destination, {ToClient} to the client, after {Milliseconds} ms")]
    private partial void Ended(
        string route, StreamDestination destination, Endpoint original, Endpoint client, CloseReason reason, long toDestination, long toClient, long milliseconds);
}
