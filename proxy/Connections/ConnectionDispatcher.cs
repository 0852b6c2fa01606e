using System.Net.Sockets;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Http;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Streams;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Connections;

/// <summary>
/// The way of a TCP connection after it has been accepted:
/// (1) identify: ask the kernel for the original destination and the client;
/// (2) turn away what comes from a socket of our own, a loop that would never end;
/// (3) decide by the client and the destination alone, without a look at the bytes, where that is enough;
/// (4) otherwise peek at the first bytes, with a deadline;
/// (5) hand over: HTTP to Kestrel, everything else to the stream forwarder.
/// </summary>
internal sealed partial class ConnectionDispatcher(
    RouteTable routes,
    VirtualListeners http,
    SocketConnectionContextFactory connections,
    StreamForwarder forwarder,
    UpstreamRegistry upstreams,
    LoopCount loops,
    Limits limits,
    ILogger<ConnectionDispatcher> logger)
{
    /// <summary>Completes when the connection has been proxied to its end. The caller disposes of the socket.</summary>
    public async Task DispatchAsync(Socket socket, CancellationToken stopping)
    {
        socket.NoDelay = true;

        // (1)
        var original = SocketNames.Local(socket);
        var client = SocketNames.Remote(socket);

        // (2)
        if (upstreams.Contains(client, original))
        {
            loops.Add(original);
            socket.LingerState = new LingerOption(true, 0); // a reset tells the dialling side at once
            return;
        }

        // (3)
        var steered = new Steered(client, original);
        var decision = routes.Decide(steered);
        var firstBytes = new FirstBytes(SniffedProtocol.Raw);
        if (decision.NeedsFirstBytes)
        {
            // (4)
            firstBytes = await ConnectionPeek.ClassifyAsync(socket, limits.SniffTimeout, stopping);
        }

        // (5)
        var verdict = decision.Resolve(firstBytes);
        if (verdict.IsHttp)
            await ServeHttpAsync(socket, firstBytes.Protocol, client, original);
        else if (verdict.Stream is { } stream)
            await forwarder.ForwardAsync(socket, stream, steered, stopping);
        else
            NoRoute(client, original);
    }

    private async Task ServeHttpAsync(Socket socket, SniffedProtocol protocol, Routing.Endpoint client, Routing.Endpoint original)
    {
        var connection = connections.Create(socket);
        connection.RemoteEndPoint = client.ToIPEndPoint();
        connection.LocalEndPoint = original.ToIPEndPoint();

        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(closed.SetResult);
        if (http.Post(protocol == SniffedProtocol.Http2 ? VirtualEndPoint.Http2 : VirtualEndPoint.Http1, connection))
            await closed.Task;
        else
            await connection.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Closed a connection from {Client} to {Original}: no route takes it")]
    private partial void NoRoute(Routing.Endpoint client, Routing.Endpoint original);
}
