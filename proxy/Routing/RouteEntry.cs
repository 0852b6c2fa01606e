using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>
/// One prefix, one port range, one server name and one source of a route, each null where the route names none.
/// <see cref="Stream"/> is null for an HTTP route. The lower <see cref="Rank"/> goes first.
/// </summary>
internal sealed record RouteEntry(string Route, int Order, Prefix? Prefix, PortRange Ports, ServerNamePattern? Sni, Prefix? Source, StreamRoute? Stream)
{
    /// <summary>Given by the table that it is in.</summary>
    public int Rank { get; set; }

    public bool IsHttp => Stream is null;

    /// <summary>What an HTTP route asks of the request itself; empty where it takes any.</summary>
    public string Conditions { get; init; } = "";

    /// <summary>Whether it depends on the ClientHello.</summary>
    public bool AsksForTls => Stream is { Tls.IsAny: false };

    public IReadOnlyList<string> Alpn => Stream?.Tls.Alpn ?? [];

    public bool MatchesSource(Address client) => Source is not { } source || source.Contains(client);

    public static IEnumerable<RouteEntry> Of(StreamRoute stream) =>
        from place in stream.Match.Places()
        from name in stream.Tls.Sni.DefaultIfEmpty()
        from source in DestinationMatch.OrAll(stream.Match.Sources)
        select new RouteEntry(stream.Name, stream.Order, place.Prefix, place.Ports, name, source, stream);

    public static IEnumerable<RouteEntry> Of(HttpRouteMatch http)
    {
        var (places, sources, next) = (http.Match.Places(), DestinationMatch.OrAll(http.Match.Sources), 0);
        var entries = new RouteEntry[places.Length * sources.Count];
        foreach (var (prefix, ports) in places)
        {
            foreach (var source in sources)
                entries[next++] = new RouteEntry(http.Name, http.Order, prefix, ports, null, source, null) { Conditions = http.Conditions };
        }
        return entries;
    }
}
