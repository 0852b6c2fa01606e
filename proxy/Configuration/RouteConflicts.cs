using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>Reports routes between which nothing decides: which one takes a connection would be left to chance.</summary>
internal static class RouteConflicts
{
    private const int MaxNamed = 100;

    public static void Check(ProxyConfiguration configuration, ConfigurationErrors errors)
    {
        foreach (var protocol in (ReadOnlySpan<Protocols>)[Protocols.Tcp, Protocols.Udp])
        {
            var entries = configuration.Streams.Where(stream => stream.Protocol == protocol).SelectMany(RouteEntry.Of);
            var ties = RouteTies.Find(entries).DistinctBy(tie => (tie.First.Route, tie.Second.Route)).Take(MaxNamed);
            foreach (var (first, second) in ties)
                errors.Add($"Streams:{second.Route}", $"matches {Describe(second)} with the same precedence as the stream '{first.Route}'; give one of them another Order, or narrow its Match");
        }
        foreach (var (first, second) in HttpRouteTies.Find(configuration.Http).Take(MaxNamed))
            errors.Add($"ReverseProxy:Routes:{second}", $"matches the same requests as the route '{first}' with the same precedence; give one of them another Order, or narrow its Match");
    }

    private static string Describe(RouteEntry entry)
    {
        string?[] parts =
        [
            entry.Prefix?.ToString() ?? "every address",
            $"ports {entry.Ports}",
            entry.Sni is { } name ? $"the server name '{name}'" : null,
            entry.Source is { } source ? $"the source {source}" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }
}
