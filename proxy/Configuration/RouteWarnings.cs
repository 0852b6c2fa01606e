using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>Tells which routes can never match: others hide them, or no rule steers anything to them.</summary>
internal static class RouteWarnings
{
    public static IEnumerable<string> Of(ProxyConfiguration configuration)
    {
        var (streams, http) = (configuration.Streams, configuration.Http);
        foreach (var table in (RouteTable[])[RouteTable.ForTcp(streams, http.RouteMatches), RouteTable.ForUdp(streams)])
        {
            foreach (var (route, by) in RouteShadows.Find(table))
                yield return $"{PathOf(route.IsHttp, route.Route)}: can never match, as {Names(by)} {(by.Count == 1 ? "goes" : "go")} before it and {(by.Count == 1 ? "takes" : "take")} all that it matches";
        }

        var steered = new SteeredPlaces(configuration.Steering.Ruleset);
        if (!steered.Any && streams.Count + http.Routes.Count > 0)
        {
            yield return "Steering:Rules: no rule steers anything to the proxy, so that no route can ever match";
            yield break;
        }
        foreach (var stream in streams.Where(stream => !steered.Reach(stream.Protocol, stream.Match)))
            yield return NotSteered(PathOf(false, stream.Name));
        foreach (var route in http.Routes.Where(route => !steered.Reach(Protocols.Tcp, http.Matches[route.RouteId])))
            yield return NotSteered(PathOf(true, route.RouteId));
    }

    private static string NotSteered(string path) => $"{path}: can never match, as no rule of Steering:Rules steers its addresses and ports to the proxy";

    private static string Names(IEnumerable<RouteEntry> routes) => string.Join(" and ", routes.Select(route => $"the {(route.IsHttp ? "route" : "stream")} '{route.Route}'"));

    private static string PathOf(bool isHttp, string route) => isHttp ? $"ReverseProxy:Routes:{route}" : $"Streams:{route}";
}
