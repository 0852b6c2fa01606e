using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;

namespace Everyport.Proxy.Explain;

/// <summary>Which stream takes it, and what it goes before.</summary>
internal static class RouteSteps
{
    private const int MostNamed = 3;

    public static void Explain(RouteTable table, Steered steered, StreamRoute? chosen, FirstBytes first, Way way)
    {
        if (chosen is null)
            return;
        RouteEntry[] matching = [.. Matching(table, steered, first).DistinctBy(entry => (entry.IsHttp, entry.Route))];
        var winner = Array.Find(matching, entry => entry.Stream == chosen);
        if (winner is null)
            return;
        var others = matching.Where(entry => entry.Rank > winner.Rank).Take(MostNamed);
        way.Add($"The stream '{chosen.Name}' takes it{Where(winner)}.{string.Concat(others.Select(other => $" It goes before the {(other.IsHttp ? "HTTP route" : "stream")} '{other.Route}', as {PrecedenceReason.Of(winner, other)}."))}");
    }

    /// <summary>All entries that take it, the one that goes first at the beginning.</summary>
    public static IEnumerable<RouteEntry> Matching(RouteTable table, Steered steered, FirstBytes first) => Around(table, steered)
        .Where(entry => entry.IsHttp ? first.Protocol is SniffedProtocol.Http1 or SniffedProtocol.Http2 or SniffedProtocol.Tls
            : !entry.AsksForTls || first.Hello is { } hello && TakesHello(entry, hello));

    /// <summary>All entries for the addresses and ports.</summary>
    public static IEnumerable<RouteEntry> Around(RouteTable table, Steered steered) => table.Entries.Where(entry =>
        entry.Ports.Contains(steered.Original.Port) && entry.Prefix?.Contains(steered.Original.Address) != false && entry.MatchesSource(steered.Client.Address));

    private static bool TakesHello(RouteEntry entry, ClientHello hello) =>
        (entry.Sni is not { } name || hello.ServerName is { } asked && name.Matches(asked)) && entry.Stream!.Tls.MatchesAlpn(hello);

    private static string Where(RouteEntry entry)
    {
        string?[] parts =
        [
            entry.Prefix?.ToString(),
            entry.Ports == Steering.Rules.PortRange.All ? null : $"ports {entry.Ports}",
            entry.Sni is { } name ? $"server name {name}" : null,
            entry.Source is { } source ? $"source {source}" : null,
        ];
        var said = string.Join(", ", parts.OfType<string>());
        return said.Length == 0 ? "" : $" ({said})";
    }
}
