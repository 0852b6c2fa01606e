using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>
/// Decides from the original destination alone who takes a connection or flow. Streams and HTTP routes compete
/// under one precedence: <c>Order</c>, then the longest address prefix, then the narrowest port range; at a tie the
/// stream wins. The catch-all comes after everything else.
/// </summary>
internal sealed class RouteTable
{
    private readonly Entry[] _entries;

    private RouteTable(IEnumerable<Entry> entries) =>
        _entries = [.. entries
            .OrderBy(entry => entry.Stream is { IsCatchAll: true })
            .ThenBy(entry => entry.Order)
            .ThenByDescending(entry => entry.Prefix?.Length ?? -1)
            .ThenBy(entry => entry.Ports.Count)
            .ThenBy(entry => entry.Stream is null)];

    /// <summary>The table for TCP. HTTP routes take part with the order and destinations that they ask for.</summary>
    public static RouteTable ForTcp(IEnumerable<StreamRoute> streams, IEnumerable<(int Order, DestinationMatch Match)> httpRoutes) =>
        new([
            .. streams.Where(stream => stream.Protocol == Protocols.Tcp).SelectMany(stream => Entries(stream.Order, stream.Match, stream)),
            .. httpRoutes.SelectMany(route => Entries(route.Order, route.Match, stream: null)),
        ]);

    /// <summary>The table for UDP.</summary>
    public static RouteTable ForUdp(IEnumerable<StreamRoute> streams) =>
        new(streams.Where(stream => stream.Protocol == Protocols.Udp).SelectMany(stream => Entries(stream.Order, stream.Match, stream)));

    /// <summary>Decides about a destination.</summary>
    public RouteDecision Decide(Endpoint destination)
    {
        var http = false;
        foreach (var entry in _entries)
        {
            if (!entry.Matches(destination))
                continue;
            if (entry.Stream is not null)
                return new RouteDecision(http, entry.Stream);
            http = true;
        }
        return new RouteDecision(http, null);
    }

    private static IEnumerable<Entry> Entries(int order, DestinationMatch match, StreamRoute? stream) =>
        from prefix in match.Addresses.Count == 0 ? [null] : match.Addresses.Select(prefix => (Prefix?)prefix)
        from ports in match.Ports
        select new Entry(order, prefix, ports, stream);

    /// <summary>One prefix and one port range of a route; <c>Stream</c> is null for an HTTP route.</summary>
    private sealed record Entry(int Order, Prefix? Prefix, PortRange Ports, StreamRoute? Stream)
    {
        public bool Matches(Endpoint destination) =>
            Ports.Contains(destination.Port) && (Prefix is null || Prefix.Value.Contains(destination.Address));
    }
}

/// <summary>
/// What a destination alone decides. Where <paramref name="MayBeHttp"/>, the first bytes have to be looked at, and
/// <paramref name="Stream"/> gets what is not HTTP; otherwise the stream is certain. Null: nobody does.
/// </summary>
internal readonly record struct RouteDecision(bool MayBeHttp, StreamRoute? Stream);
