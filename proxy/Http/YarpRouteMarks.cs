using System.Collections.Frozen;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Http;

/// <summary>
/// Marks, in the metadata of routes, which transforms they need besides their own. YARP makes the transforms of a route anew when it has
/// changed for YARP; these depend on what it does not know.
/// </summary>
internal static class YarpRouteMarks
{
    private const string PrivateConnections = "Everyport:PrivateConnections", Discard = "Everyport:Discard";

    public static IReadOnlyList<RouteConfig> Mark(HttpConfiguration http) => [.. http.Routes.Select(route => Mark(route, http))];

    /// <summary>Whether the destinations are told who the client is by the PROXY protocol.</summary>
    public static bool HasPrivateConnections(RouteConfig route) => route.Metadata?.ContainsKey(PrivateConnections) == true;

    /// <summary>Whether some answers of the origin are kept from the client, and another destination is tried.</summary>
    public static bool Discards(RouteConfig route) => route.Metadata?.ContainsKey(Discard) == true;

    private static RouteConfig Mark(RouteConfig route, HttpConfiguration http)
    {
        var isPrivate = http.ProxyProtocol.ContainsKey(route.ClusterId ?? "");
        var discards = http.Retries.GetValueOrDefault(route.RouteId) is { Statuses.Count: > 0 };
        if (!isPrivate && !discards)
            return route;
        var metadata = new Dictionary<string, string>(route.Metadata ?? FrozenDictionary<string, string>.Empty, StringComparer.OrdinalIgnoreCase);
        if (isPrivate)
            metadata[PrivateConnections] = "";
        if (discards)
            metadata[Discard] = "";
        return route with { Metadata = metadata };
    }
}
