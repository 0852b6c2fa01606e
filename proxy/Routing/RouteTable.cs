using Everyport.Proxy.Sniffing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>
/// Decides who takes a connection or flow: streams and HTTP routes compete under <see cref="RoutePrecedence"/>. Never
/// changes; another one replaces it.
/// </summary>
internal sealed class RouteTable
{
    private RouteTable(IEnumerable<RouteEntry> entries)
    {
        RouteEntry[] sorted = [.. entries.Order(RoutePrecedence.Instance)];
        for (var rank = 0; rank < sorted.Length; rank++)
            sorted[rank].Rank = rank;
        Entries = sorted;
        Index = new RouteIndex<RouteCell[]>(sorted, RouteCell.IndexOf);
    }

    /// <summary>All entries, the one that goes first at the beginning.</summary>
    public IReadOnlyList<RouteEntry> Entries { get; }

    public RouteIndex<RouteCell[]> Index { get; }

    /// <summary>The table for TCP. HTTP routes take part with the order, destinations and sources that they ask for.</summary>
    public static RouteTable ForTcp(IEnumerable<StreamRoute> streams, IEnumerable<HttpRouteMatch> httpRoutes) =>
        new([
            .. streams.Where(stream => stream.Protocol == Protocols.Tcp).SelectMany(RouteEntry.Of),
            .. httpRoutes.SelectMany(RouteEntry.Of),
        ]);

    /// <summary>The table for UDP.</summary>
    public static RouteTable ForUdp(IEnumerable<StreamRoute> streams) =>
        new(streams.Where(stream => stream.Protocol == Protocols.Udp).SelectMany(RouteEntry.Of));

    /// <summary>Decides as far as addresses and ports allow.</summary>
    public RouteDecision Decide(in Steered steered)
    {
        RouteEntry? http = null, stream = null, asking = null;
        foreach (var cells in Index.At(steered.Original))
        {
            foreach (var cell in cells)
            {
                cell.FindHttp(steered.Client.Address, ref http);
                cell.FindStream(steered.Client.Address, ref stream);
                cell.FindAsking(steered.Client.Address, ref asking);
            }
        }
        return new RouteDecision(this, steered, http, stream, asking);
    }

    /// <summary>The stream that goes first of those that a ClientHello satisfies and of <paramref name="stream"/>, which asks for none.</summary>
    internal RouteEntry? ForHello(in Steered steered, ClientHello hello, RouteEntry? stream)
    {
        var best = stream;
        foreach (var cells in Index.At(steered.Original))
        {
            foreach (var cell in cells)
                cell.FindAsking(steered.Client.Address, hello, ref best);
        }
        return best;
    }
}
