namespace Everyport.Proxy.Routing;

/// <summary>
/// Which of two routes goes first, where both match: the lower <c>Order</c>, then the longer address prefix, the
/// narrower port range, the more specific server name, the longer source prefix, then the one that names ALPN,
/// then the one that takes TLS only; at a tie a stream goes before an HTTP route. The catch-all comes after everything else. Where a client offers protocols of
/// two streams that differ in nothing but ALPN, their names decide.
/// </summary>
internal sealed class RoutePrecedence : IComparer<RouteEntry>
{
    public static RoutePrecedence Instance { get; } = new();

    public int Compare(RouteEntry? x, RouteEntry? y) =>
        CompareSpecificity(x!, y!) is not 0 and var bySpecificity ? bySpecificity
        : x!.IsHttp.CompareTo(y!.IsHttp) is not 0 and var byKind ? byKind
        : string.CompareOrdinal(x.Route, y.Route);

    /// <summary>The same, without what breaks ties.</summary>
    public static int CompareSpecificity(RouteEntry x, RouteEntry y) => Key(x).CompareTo(Key(y));

    private static (bool, int, int, int, int, int, bool, bool) Key(RouteEntry entry) => (
        entry.Stream is { IsCatchAll: true },
        entry.Order,
        -(entry.Prefix?.Length ?? -1),
        entry.Ports.Count,
        -(entry.Sni?.Specificity ?? 0),
        -(entry.Source?.Length ?? -1),
        entry.Alpn.Count == 0,
        !entry.AsksForTls);
}
