using Everyport.Proxy.Routing;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// The HTTP routes by their destinations: which tiers hold one, and in which order they are asked. Costs as much for
/// 10,000 routes on ports or addresses of their own as for ten. Never changes; another one replaces it.
/// </summary>
internal sealed class HttpRouteTable
{
    private readonly OrderRuns _runs;
    private readonly HashSet<string> _askForPath;
    private readonly Dictionary<string, HttpRouteSet> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<(TierPrecedence, HttpRouteSet), HttpTier> _tiers = [];
    private readonly RouteIndex<HttpTier[]> _index;

    public HttpRouteTable(IReadOnlyList<HttpRouteMatch> routes)
    {
        _askForPath = [.. routes.Where(route => route.AsksForPath).Select(route => route.Name)];
        // Sources are the last to decide, among routes of one tier.
        RouteEntry[] entries = [.. routes.SelectMany(route => RouteEntry.Of(route.Match.Sources.Count == 0 ? route : route with { Match = route.Match with { Sources = [] } }))];
        _runs = new OrderRuns(entries);
        _index = new RouteIndex<HttpTier[]>(entries, IndexOf);
        Sets = [.. _sets.Values.OrderBy(set => set.Number)];
    }

    /// <summary>All sets of routes that are found together.</summary>
    public IReadOnlyList<HttpRouteSet> Sets { get; }

    /// <summary>The tier that is asked after another one; the first, where that is null; null after the last.</summary>
    public HttpTier? Next(Endpoint destination, HttpTier? after)
    {
        HttpTier? best = null;
        foreach (var tiers in _index.At(destination))
        {
            foreach (var tier in tiers)
            {
                if (after is not null && tier.Precedence.CompareTo(after.Precedence) <= 0)
                    continue;
                if (best is null || tier.Precedence.CompareTo(best.Precedence) < 0)
                    best = tier;
                break;
            }
        }
        return best;
    }

    private PortIndex<HttpTier[]> IndexOf(IReadOnlyList<RouteEntry> ofOnePrefix) => ofOnePrefix is [var only]
        ? PortIndex<HttpTier[]>.OfOne(only.Ports, [TierOf(PrecedenceOf(only), [only.Route])], [])
        : PortIndex<HttpTier[]>.Create(
        ofOnePrefix.GroupBy(entry => entry.Ports).Select(range => (range.Key, range.ToArray())),
        here => [.. here
            .SelectMany(entries => entries)
            .GroupBy(PrecedenceOf)
            .OrderBy(tier => tier.Key)
            .Select(tier => TierOf(tier.Key, [.. tier.Select(entry => entry.Route)]))]);

    private TierPrecedence PrecedenceOf(RouteEntry entry) => new(_runs.Of(entry.Order), entry.Prefix?.Length ?? -1, entry.Ports.Count);

    private HttpTier TierOf(TierPrecedence precedence, IReadOnlyList<string> routes)
    {
        string[] names = routes.Count == 1 ? [routes[0]] : [.. routes.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
        var key = string.Join('\n', names);
        if (!_sets.TryGetValue(key, out var set))
            _sets[key] = set = new HttpRouteSet(_sets.Count, names, names.Any(_askForPath.Contains));
        if (!_tiers.TryGetValue((precedence, set), out var tier))
            _tiers[(precedence, set)] = tier = new HttpTier(precedence, set);
        return tier;
    }
}
