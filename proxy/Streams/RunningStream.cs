using Everyport.Proxy.Live;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Streams;

/// <summary>A stream for as long as it is relayed, for who looks at it from outside.</summary>
internal sealed class RunningStream(PendingStream pending, StreamDestination destination, Relay relay) : ILive
{
    public ShelfPlace Place { get; set; }

    public OpenConnection Look() => new()
    {
        Kind = OpenConnection.Stream,
        Client = pending.Steered.Client,
        Original = pending.Steered.Original,
        Name = pending.Hello?.ServerName,
        Route = pending.Stream.Route.Name,
        Destination = destination.Name,
        ToDestination = relay.ToDestination,
        ToClient = relay.ToClient,
        OpenedAt = pending.Began,
    };
}
