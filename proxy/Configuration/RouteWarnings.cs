using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>Tells which routes can never match: others hide them, or no rule steers anything to them.</summary>
internal static class RouteWarnings
{
    public static IEnumerable<string> Of(ProxyConfiguration configuration)
    {
        var (streams, http) = (configuration.Streams, configuration.Http);
        foreach (var table in (RouteTable[])[configuration.TcpRoutes, RouteTable.ForUdp(streams)])
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
        foreach (var warning in OfClientCertificates(configuration))
            yield return warning;
    }

    /// <summary>A certificate is required by the name of a host; a route that asks for none is open to whoever says another one.</summary>
    private static IEnumerable<string> OfClientCertificates(ProxyConfiguration configuration)
    {
        if (configuration.Tls.Certificates.FirstOrDefault(certificate => certificate.Config.ClientCertificates == ClientCertificateMode.Require) is not { } strict)
            yield break;
        foreach (var route in configuration.Http.Routes.Where(route => route.Match.Hosts is null or { Count: 0 }))
        {
            yield return $"{PathOf(true, route.RouteId)}: names no 'Hosts', so that it is reached without the client certificate that 'Tls:Certificates:{strict.Name}' requires, "
                + "under any host of another certificate or without TLS. Name its 'Hosts' if that is not meant";
        }
        if (configuration.Tls.Certificates.All(certificate => certificate.Config.ClientCertificates == ClientCertificateMode.Require))
            yield break;
        foreach (var stream in configuration.Streams.Where(stream => stream.Tls is { Terminates: true, Sni.Count: 0 }))
        {
            yield return $"{PathOf(false, stream.Name)}: names no 'Match:Sni', so that it is reached without the client certificate that 'Tls:Certificates:{strict.Name}' requires, "
                + "under any name of another certificate. Name its 'Match:Sni' if that is not meant";
        }
    }

    private static string NotSteered(string path) => $"{path}: can never match, as no rule of Steering:Rules steers its addresses and ports to the proxy";

    private static string Names(IEnumerable<RouteEntry> routes) => string.Join(" and ", routes.Select(route => $"the {(route.IsHttp ? "route" : "stream")} '{route.Route}'"));

    private static string PathOf(bool isHttp, string route) => isHttp ? $"ReverseProxy:Routes:{route}" : $"Streams:{route}";
}
