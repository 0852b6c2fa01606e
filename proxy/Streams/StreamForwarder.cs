using System.Net.Sockets;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Routing;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Streams;

/// <summary>Proxies TCP connections at layer 4: dials a destination of the stream's cluster and relays both ways.</summary>
internal sealed partial class StreamForwarder(UpstreamDialler dialler, ILogger<StreamForwarder> logger)
{
    /// <summary>Completes when both directions have ended. The caller disposes of <paramref name="client"/>.</summary>
    public async Task ForwardAsync(Socket client, StreamRoute route, Steered steered, CancellationToken stopping)
    {
        var destination = route.Destinations[Random.Shared.Next(route.Destinations.Count)];
        UpstreamConnection connection;
        try
        {
            connection = await dialler.DialAsync(destination.HostFor(steered.Original), destination.PortFor(steered.Original), stopping);
        }
        catch (SocketException e)
        {
            DialFailed(route.Name, destination, steered.Original, steered.Client, e.Message);
            Reset(client);
            return;
        }

        using var upstream = connection;
        var reason = await Relay.RunAsync(client, upstream.Socket, stopping);
        // An end would be taken for the end of the data: a break is passed on as a break.
        if (reason == CloseReason.DestinationAborted)
            Reset(client);
        else if (reason == CloseReason.ClientAborted)
            Reset(upstream.Socket);
        Ended(route.Name, destination, steered.Original, steered.Client, reason);
    }

    /// <summary>Either side sees what it would see without a proxy where the other breaks or cannot be reached: a reset.</summary>
    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stream {Route}: cannot reach {Destination} for {Original} from {Client}: {Reason}")]
    private partial void DialFailed(string route, StreamDestination destination, Endpoint original, Endpoint client, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stream {Route} to {Destination} for {Original} from {Client} ended: {Reason}")]
    private partial void Ended(string route, StreamDestination destination, Endpoint original, Endpoint client, CloseReason reason);
}
