using Everyport.Proxy.Live;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Http.Transport;

/// <summary>A connection that Kestrel serves, for who looks at it from outside; a feature of the connection, so that requests can tell where they go.</summary>
internal sealed class ServedConnection(ReactorConnection connection, ReactorSocket socket, Steered steered, string? serverName, long openedAt) : ILive
{
    private string? _host = serverName, _route, _destination;

    public ShelfPlace Place { get; set; }

    /// <summary>The last request that went to a destination.</summary>
    public void Sent(string? host, string? route, string? destination) => (_host, _route, _destination) = (host ?? _host, route, destination);

    /// <summary>Has it end when nothing is being answered on it, unless it is younger than that.</summary>
    public void EndWhenIdle(long openedBefore)
    {
        if (openedAt <= openedBefore)
            connection.EndWhenIdle();
    }

    public OpenConnection Look() => new()
    {
        Kind = OpenConnection.Http,
        Client = steered.Client,
        Original = steered.Original,
        Name = _host,
        Route = _route,
        Destination = _destination,
        ToDestination = socket.BytesReceived,
        ToClient = socket.BytesSent,
        OpenedAt = openedAt,
    };
}
