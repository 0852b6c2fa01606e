using System.Runtime.InteropServices;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Live;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Streams;

/// <summary>
/// Proxies TCP connections at layer 4, on one reactor: ends the client's TLS where the route wants that, has a destination
/// dialled, tells it about the client, and relays both ways.
/// </summary>
internal sealed partial class StreamForwarder(Reactor reactor, ClientTls tls, StreamDialler dialler, Refusals refusals, Records records, LiveShelf live, ILogger<StreamForwarder> logger)
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
        pending.Began = reactor.Now;
        try
        {
            // Before the dial: no destination hears of a client that has not shown the certificate that it has to.
            using var decrypted = pending.Tls is { } connection ? await tls.DecryptAsync(pending, connection) : null;
            if (pending.Tls is not null && decrypted is null)
            {
                await NotDecryptedAsync(pending);
                return;
            }
            using var dialled = await (pending.Early?.TakeAsync() ?? dialler.DialAsync(pending));
            if (dialled.Upstream is not { } upstream)
            {
                // The client sees what it would see without a proxy.
                pending.Client.Reset();
                NotDialled(pending, dialled);
                return;
            }
            // Where the destination is reached by TLS, the header has gone before that.
            if (dialled.Encrypted is null)
                DestinationHeader.Send(upstream.Socket, pending);

            if (decrypted is null && dialled.Encrypted is null)
            {
                await RelayAsync(pending, dialled, new SocketRelay(reactor, pending.Client, upstream.Socket, stream.Limits));
                return;
            }
            using var client = decrypted ?? new StreamEnd(reactor, pending.Client);
            using var destination = dialled.Encrypted ?? new StreamEnd(reactor, upstream.Socket);
            await RelayAsync(pending, dialled, new TlsRelay(reactor, client, destination, stream.Limits));
        }
        finally
        {
            pending.Leave();
        }
    }

    private void Refuse(PendingStream pending)
    {
        pending.Early?.Drop();
        pending.Client.Reset();
        refusals.Add(RefusalReason.RouteConnections, pending.Steered, pending.Stream.Route.Name);
    }

    /// <summary>What has been told to the client about it shall arrive.</summary>
    private ValueTask NotDecryptedAsync(PendingStream pending)
    {
        var (route, steered, reason) = (pending.Stream.Route, pending.Steered, reactor.IsStopping ? CloseReason.Stopping : CloseReason.ClientTlsFailed);
        StreamMetrics.Failed(route, null, reason);
        NotBegun(route.Name, steered.Original, steered.Client, reason);
        Record(pending, null, reason);
        var closing = new LingeringClose(reactor, pending.Client);
        closing.Start();
        return closing.EndedAsync();
    }

    private async ValueTask RelayAsync(PendingStream pending, DialledStream dialled, Relay relay)
    {
        var (route, destination) = (pending.Stream.Route, dialled.Destination!.Destination);
        var running = new RunningStream(pending, destination, relay);
        live.Add(running);
        CloseReason reason;
        try
        {
            reason = await relay.RunAsync();
        }
        finally
        {
            live.Remove(running);
        }
        StreamMetrics.Closed(route, destination.Name, reason, relay.ToDestination, relay.ToClient, relay.Milliseconds);
        Ended(route.Name, destination, pending.Steered.Original, pending.Steered.Client, reason, relay.ToDestination, relay.ToClient, relay.Milliseconds);
        Record(pending, destination, reason, relay.ToDestination, relay.ToClient);
    }

    private void Record(PendingStream pending, StreamDestination? destination, CloseReason reason, long bytesIn = 0, long bytesOut = 0)
    {
        records.Ended(new StreamRecord
        {
            Steered = pending.Steered,
            Route = pending.Stream.Route.Name,
            Cluster = pending.Stream.Route.ClusterId,
            Destination = destination?.Name,
            ServerName = pending.Hello?.ServerName,
            BytesIn = bytesIn,
            BytesOut = bytesOut,
            Duration = TimeSpan.FromMilliseconds(reactor.Now - pending.Began),
            Reason = reason,
        });
    }

    private void NotDialled(PendingStream pending, DialledStream dialled)
    {
        var (route, steered) = (pending.Stream.Route, pending.Steered);
        StreamMetrics.Failed(route, dialled.Destination?.Destination.Name, dialled.Failure);
        Record(pending, dialled.Destination?.Destination, dialled.Failure);
        if (dialled.Error == Syscalls.ECANCELED)
            return;
        if (dialled.Destination is { } last)
            DialFailed(route.Name, last.Destination, steered.Original, steered.Client, dialled.Failure, dialled.Error == 0 ? "as has been told of its TLS" : Marshal.GetPInvokeErrorMessage(dialled.Error));
        else
            NoDestination(route.Name, steered.Original, steered.Client, pending.Stream.Cluster.Config.Name);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Route}: cannot reach {Destination} for {Original} from {Client}: {Reason}, {Error}")]
    private partial void DialFailed(string route, StreamDestination destination, Endpoint original, Endpoint client, CloseReason reason, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Route}: no destination of the cluster {Cluster} is healthy for {Original} from {Client}")]
    private partial void NoDestination(string route, Endpoint original, Endpoint client, string cluster);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stream {Route} for {Original} from {Client} has not begun: {Reason}")]
    private partial void NotBegun(string route, Endpoint original, Endpoint client, CloseReason reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stream {Route} to {Destination} for {Original} from {Client} ended: {Reason}, {ToDestination} bytes to the destination, {ToClient} to the client, after {Milliseconds} ms")]
    private partial void Ended(
        string route, StreamDestination destination, Endpoint original, Endpoint client, CloseReason reason, long toDestination, long toClient, long milliseconds);
}
