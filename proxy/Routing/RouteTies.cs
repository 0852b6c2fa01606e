namespace Everyport.Proxy.Routing;

/// <summary>Finds streams that no precedence tells apart.</summary>
internal static class RouteTies
{
    /// <summary>Every pair of entries of two streams that match one connection, are equally specific, and lead to different places.</summary>
    public static IEnumerable<(RouteEntry First, RouteEntry Second)> Find(IEnumerable<RouteEntry> entries)
    {
        var groups = entries
            .Where(entry => !entry.IsHttp)
            .GroupBy(entry => (entry.Stream!.IsCatchAll, entry.Order, entry.Prefix, entry.Ports.Count, entry.Sni, entry.Source, entry.Alpn.Count == 0, entry.AsksForTls));
        foreach (var group in groups)
        {
            // Ranges of one size, in order: only neighbours that begin before this one ends can overlap it.
            var sorted = group.OrderBy(entry => entry.Ports.First).ToArray();
            for (var i = 0; i < sorted.Length; i++)
            {
                for (var j = i + 1; j < sorted.Length && sorted[j].Ports.First <= sorted[i].Ports.Last; j++)
                {
                    if (LeadElsewhere(sorted[i].Stream!, sorted[j].Stream!) && ShareProtocol(sorted[i], sorted[j]))
                        yield return (sorted[i], sorted[j]);
                }
            }
        }
    }

    private static bool LeadElsewhere(StreamRoute a, StreamRoute b) =>
        a.Name != b.Name && (!a.ClusterId.Equals(b.ClusterId, StringComparison.OrdinalIgnoreCase) || a.Settings != b.Settings || a.Tls.Terminates != b.Tls.Terminates);

    private static bool ShareProtocol(RouteEntry a, RouteEntry b) => a.Alpn.Count == 0 || a.Alpn.Intersect(b.Alpn).Any();
}
