using System.Text.RegularExpressions;
using Everyport.Proxy.Http;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Finds HTTP routes that ASP.NET Core's routing cannot tell apart: it would answer every request that both match with
/// an error.
/// </summary>
internal static partial class HttpRouteTies
{
    /// <summary>Every pair of names.</summary>
    public static IEnumerable<(string First, string Second)> Find(HttpConfiguration http) => Pairs(http).Distinct();

    private static IEnumerable<(string First, string Second)> Pairs(HttpConfiguration http)
    {
        foreach (var group in http.Routes.SelectMany(route => EntriesOf(route, http.Matches[route.RouteId])).GroupBy(entry => entry.Key, entry => (entry.Ports, entry.Route)))
        {
            // Ranges of one size, in order: only neighbours that begin before this one ends can overlap it.
            var sorted = group.OrderBy(entry => entry.Ports.First).ThenBy(entry => entry.Route, StringComparer.Ordinal).ToArray();
            for (var i = 0; i < sorted.Length; i++)
            {
                for (var j = i + 1; j < sorted.Length && sorted[j].Ports.First <= sorted[i].Ports.Last; j++)
                {
                    if (sorted[i].Route != sorted[j].Route)
                        yield return (sorted[i].Route, sorted[j].Route);
                }
            }
        }
    }

    /// <summary>A route, once for each combination of what it lists. Two that share a key and a port are a tie.</summary>
    private static IEnumerable<(string Key, PortRange Ports, string Route)> EntriesOf(RouteConfig route, DestinationMatch match)
    {
        var all = $"{route.Order ?? 0} {PathOf(route.Match)}\n{HeadersOf(route.Match)}\n{QueryOf(route.Match)}";
        return
            from host in OrAny(route.Match.Hosts)
            from method in OrAny(route.Match.Methods)
            from place in match.Places()
            from source in DestinationMatch.OrAll(match.Sources)
            select ($"{all}\n{host} {method} {place.Prefix} {place.Ports.Count} {source}", place.Ports, route.RouteId);
    }

    private static IEnumerable<string> OrAny(IReadOnlyList<string>? list) => list is null or { Count: 0 } ? [""] : list.Select(item => item.ToUpperInvariant());

    /// <summary>What a parameter is called says nothing about what matches; no path is the same as any.</summary>
    private static string PathOf(RouteMatch match) => ParameterName().Replace((match.Path ?? "{**}").Trim('/'), "{$1").ToUpperInvariant();

    [GeneratedRegex(@"\{(\*{0,2})[^:?=}]*")]
    private static partial Regex ParameterName();

    private static string HeadersOf(RouteMatch match) => string.Join('\n', (match.Headers ?? [])
        .Select(header => $"{header.Name.ToUpperInvariant()} {header.Mode} {header.IsCaseSensitive} {Sorted(header.Values)}")
        .Order(StringComparer.Ordinal));

    private static string QueryOf(RouteMatch match) => string.Join('\n', (match.QueryParameters ?? [])
        .Select(query => $"{query.Name.ToUpperInvariant()} {query.Mode} {query.IsCaseSensitive} {Sorted(query.Values)}")
        .Order(StringComparer.Ordinal));

    private static string Sorted(IReadOnlyList<string>? values) => string.Join(',', (values ?? []).Order(StringComparer.Ordinal));
}
