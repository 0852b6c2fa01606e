using Everyport.Proxy.Clusters;
using Everyport.Proxy.Http;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>Checks what YARP would only find out at the first request: clusters that do not exist, addresses that are no URLs.</summary>
internal static class HttpDestinationCheck
{
    public static void Check(IProxyConfig config, IReadOnlyList<StreamClusterConfig> streamClusters, SectionReader section)
    {
        foreach (var cluster in config.Clusters)
        {
            foreach (var (name, destination) in cluster.Destinations ?? new Dictionary<string, DestinationConfig>())
            {
                if (destination.Address is null)
                    continue; // YARP says that it is missing
                if (!IsHttp(destination) || !DestinationTemplate.IsValid(destination.Address))
                    section.Error($"Clusters:{cluster.ClusterId}:Destinations:{name}:Address", $"'{destination.Address}' is not an address such as 'http://10.0.0.5:{{port}}/' or 'tcp://10.0.0.6:5432'");
                else if (HasUser(destination.Address))
                    section.Error($"Clusters:{cluster.ClusterId}:Destinations:{name}:Address", "has a user name or password, which would be shown with it; set the header Authorization by a transform instead");
                else if (cluster.HealthCheck?.Active?.Enabled == true)
                    CheckProbe(destination, section, $"Clusters:{cluster.ClusterId}:Destinations:{name}");
            }
        }

        var clusters = config.Clusters.Select(cluster => cluster.ClusterId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var streams = streamClusters.ToDictionary(cluster => cluster.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var route in config.Routes)
        {
            var stream = streams.GetValueOrDefault(route.ClusterId ?? "");
            if (route.ClusterId is null)
                section.Error($"Routes:{route.RouteId}:ClusterId", "is missing; expected the name of a cluster");
            else if (stream is { Destinations: [var first, ..] })
                section.Error($"Routes:{route.RouteId}:ClusterId", $"the destination '{first.Name}' of the cluster '{route.ClusterId}' is '{first}', but an HTTP route needs 'http' or 'https'");
            else if (stream is null && !clusters.Contains(route.ClusterId))
                section.Error($"Routes:{route.RouteId}:ClusterId", $"'{route.ClusterId}' is not a cluster of ReverseProxy:Clusters");
        }
    }

    /// <summary>A probe belongs to no connection, so that there is nothing to put in place of {address} and {port}.</summary>
    private static void CheckProbe(DestinationConfig destination, SectionReader section, string path)
    {
        var (key, probe) = string.IsNullOrEmpty(destination.Health) ? ("Address", destination.Address) : ("Health", destination.Health);
        if (DestinationTemplate.HasPlaceholders(probe) || !Uri.TryCreate(probe, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            section.Error($"{path}:{key}", $"'{probe}' cannot be probed, but HealthCheck:Active is enabled; set Health to an HTTP address without placeholders, such as 'http://10.0.0.5:8080/'");
    }

    private static bool HasUser(string address) => address.Split("://", 2)[^1].Split('/', '?', '#')[0].Contains('@', StringComparison.Ordinal);

    private static bool IsHttp(DestinationConfig destination) => (destination.Address ?? "").Split("://")[0] is "http" or "https";
}
