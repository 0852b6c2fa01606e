namespace Everyport.Proxy.Routing;

/// <summary>
/// Finds routes that can never match, because all that they match is taken by streams or HTTP routes that go before them.
/// </summary>
internal static class RouteShadows
{
    /// <summary>An entry for each such route, with one of each that hides it.</summary>
    public static IEnumerable<(RouteEntry Route, IReadOnlyList<RouteEntry> By)> Find(RouteTable table)
    {
        foreach (var route in table.Entries.GroupBy(entry => (entry.IsHttp, entry.Route)))
        {
            var covers = route.Select(entry => CoverOf(entry, table)).TakeWhile(cover => cover is not null).ToArray();
            if (covers.Length == route.Count())
                yield return (route.First(), [.. covers.Select(cover => cover!).DistinctBy(cover => (cover.IsHttp, cover.Route))]);
        }
    }

    /// <summary>What covers an entry is also found at its first address and port.</summary>
    private static RouteEntry? CoverOf(RouteEntry entry, RouteTable table)
    {
        // Where there is no prefix, any address does: only what has none either covers it.
        var first = new Endpoint(entry.Prefix?.Address ?? default, Math.Max((ushort)1, entry.Ports.First));
        foreach (var cells in table.Index.At(first))
        {
            foreach (var cell in cells)
            {
                if (CoverIn(cell, entry) is { } cover)
                    return cover;
            }
        }
        return null;
    }

    private static RouteEntry? CoverIn(RouteCell cell, RouteEntry entry) =>
        cell.StreamsAround(entry.Sni).FirstOrDefault(other => other.Rank < entry.Rank && !ReferenceEquals(other.Stream, entry.Stream) && Covers(other, entry))
        ?? (entry.IsHttp ? cell.HttpAround(entry.Conditions).FirstOrDefault(other => other.Route != entry.Route && IsAskedBefore(other, entry) && Covers(other, entry)) : null);

    /// <summary>Among HTTP routes that are equally specific for a destination, the request itself decides first.</summary>
    private static bool IsAskedBefore(RouteEntry other, RouteEntry entry) => Tier(other).CompareTo(Tier(entry)) < 0;

    private static (int, int, int) Tier(RouteEntry entry) => (entry.Order, -(entry.Prefix?.Length ?? -1), entry.Ports.Count);

    private static bool Covers(RouteEntry other, RouteEntry entry) =>
        (other.Prefix is not { } prefix || entry.Prefix is { } inner && prefix.Contains(inner))
        // Nobody dials port 0, and "*" holds it.
        && Math.Max((ushort)1, other.Ports.First) <= Math.Max((ushort)1, entry.Ports.First) && other.Ports.Last >= entry.Ports.Last
        && (other.Source is not { } source || entry.Source is { } innerSource && source.Contains(innerSource))
        && CoversTls(other, entry);

    private static bool CoversTls(RouteEntry other, RouteEntry entry) =>
        !other.AsksForTls
        || entry.AsksForTls
            && (other.Sni is not { } name || entry.Sni is { } innerName && name.Covers(innerName))
            && (other.Alpn.Count == 0 || entry.Alpn.Count > 0 && entry.Alpn.All(protocol => other.Alpn.Contains(protocol)));
}
