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

    private static string Scheme(DestinationConfig destination) => (destination.Address ?? "").Split("://")[0];

    private static bool IsHttp(DestinationConfig destination) => Scheme(destination) is "http" or "https";
}
