using Everyport.Proxy.Http;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>Checks what YARP would only find out at the first request: clusters that do not exist, addresses that are no URLs.</summary>
internal static class HttpDestinationCheck
{
    private static readonly string[] Schemes = ["http", "https", "tcp", "udp"];

    public static void Check(IProxyConfig config, SectionReader section)
    {
        foreach (var cluster in config.Clusters)
        {
            foreach (var (name, destination) in cluster.Destinations ?? new Dictionary<string, DestinationConfig>())
            {
                if (!Schemes.Contains(Scheme(destination)) || IsHttp(destination) && !DestinationTemplate.IsValid(destination.Address))
                    section.Error($"Clusters:{cluster.ClusterId}:Destinations:{name}:Address", $"'{destination.Address}' is not an address such as 'http://10.0.0.5:{{port}}/' or 'tcp://10.0.0.6:5432'");
                else if (cluster.HealthCheck?.Active?.Enabled == true)
                    CheckProbe(destination, section, $"Clusters:{cluster.ClusterId}:Destinations:{name}");
            }
        }

        foreach (var route in config.Routes)
        {
            var cluster = config.Clusters.FirstOrDefault(cluster => cluster.ClusterId.Equals(route.ClusterId, StringComparison.OrdinalIgnoreCase));
            if (cluster is null)
                section.Error($"Routes:{route.RouteId}:ClusterId", route.ClusterId is null ? "is missing; expected the name of a cluster" : $"'{route.ClusterId}' is not a cluster of ReverseProxy:Clusters");
            else if (cluster.Destinations?.FirstOrDefault(destination => !IsHttp(destination.Value)) is { Value: { } stream } entry)
                section.Error($"Routes:{route.RouteId}:ClusterId", $"the destination '{entry.Key}' of the cluster '{route.ClusterId}' is '{stream.Address}', but an HTTP route needs 'http' or 'https'");
        }
    }

    /// <summary>A probe belongs to no connection, so that there is nothing to put in place of {address} and {port}.</summary>
    private static void CheckProbe(DestinationConfig destination, SectionReader section, string path)
    {
        var (key, probe) = string.IsNullOrEmpty(destination.Health) ? ("Address", destination.Address) : ("Health", destination.Health);
        if (DestinationTemplate.HasPlaceholders(probe) || !Uri.TryCreate(probe, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            section.Error($"{path}:{key}", $"'{probe}' cannot be probed, but HealthCheck:Active is enabled; set Health to an HTTP address without placeholders, such as 'http://10.0.0.5:8080/'");
    }

    private static string Scheme(DestinationConfig destination) => (destination.Address ?? "").Split("://")[0];

    private static bool IsHttp(DestinationConfig destination) => Scheme(destination) is "http" or "https";
}
