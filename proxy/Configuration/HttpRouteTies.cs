using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Routing;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Finds HTTP routes that no precedence tells apart, where one request may match both: only their names would decide.
/// ASP.NET Core counts headers and query parameters, and does not look at what they are.
/// </summary>
internal static class HttpRouteTies
{
    /// <summary>Every pair of names.</summary>
    public static IEnumerable<(string First, string Second)> Find(HttpConfiguration http) => Pairs(http).Distinct();

    private static IEnumerable<(string First, string Second)> Pairs(HttpConfiguration http)
    {
        foreach (var group in http.Routes.SelectMany(route => EntriesOf(route, http.Matches[route.RouteId])).GroupBy(entry => entry.Key, entry => (entry.Ports, entry.Route)))
        {
            // Ranges of one size, in order: only neighbours that begin before this one ends can overlap it.
            var sorted = group.OrderBy(entry => entry.Ports.First).ThenBy(entry => entry.Route.RouteId, StringComparer.Ordinal).ToArray();
            for (var i = 0; i < sorted.Length; i++)
            {
                for (var j = i + 1; j < sorted.Length && sorted[j].Ports.First <= sorted[i].Ports.Last; j++)
                {
                    var (first, second) = (sorted[i].Route, sorted[j].Route);
                    if (first.RouteId != second.RouteId && !RequestConditions.ExcludeEachOther(first.Match, second.Match))
                        yield return (first.RouteId, second.RouteId);
                }
            }
        }
    }

    /// <summary>A route, once for each combination of what it lists. Two that share a key and a port are equally specific there.</summary>
    private static IEnumerable<(string Key, PortRange Ports, RouteConfig Route)> EntriesOf(RouteConfig route, DestinationMatch match)
    {
        var all = $"{route.Order ?? 0} {HttpConditions.PathOf(route.Match)}\n{route.Match.Headers?.Count ?? 0} {route.Match.QueryParameters?.Count ?? 0}";
        return
            from host in OrAny(route.Match.Hosts)
            from method in OrAny(route.Match.Methods)
            from place in match.Places()
            from source in DestinationMatch.OrAll(match.Sources)
            select ($"{all}\n{host} {method} {place.Prefix} {place.Ports.Count} {source}", place.Ports, route);
    }

    private static IEnumerable<string> OrAny(IReadOnlyList<string>? list) => list is null or { Count: 0 } ? [""] : list.Select(item => item.ToUpperInvariant());
}
