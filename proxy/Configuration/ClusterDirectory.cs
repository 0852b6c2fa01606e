using Everyport.Proxy.Clusters;
using Everyport.Proxy.Routing;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Finds the cluster of a stream, or says why there is none. Where the clusters of HTTP could not be read, nothing is
/// said about names that may be theirs.
/// </summary>
internal sealed class ClusterDirectory(IReadOnlyList<StreamClusterConfig> streamClusters, IReadOnlyList<ClusterConfig>? httpClusters)
{
    /// <summary>The destinations of a stream; none where there is an error.</summary>
    public IReadOnlyList<StreamDestination> FindDestinations(SectionReader section, StreamRoute route)
    {
        var cluster = streamClusters.FirstOrDefault(cluster => cluster.Name.Equals(route.ClusterId, StringComparison.OrdinalIgnoreCase));
        if (cluster is null)
            SayWhatItIs(section, route.ClusterId);
        else if (cluster.Protocol == route.Protocol)
            return cluster.Destinations;
        else if (cluster.Destinations is [var first, ..])
            section.Error("ClusterId", $"the destination '{first.Name}' of the cluster '{route.ClusterId}' is '{first}', but the stream is {route.Protocol.ToString().ToUpperInvariant()}");
        return [];
    }

    private void SayWhatItIs(SectionReader section, string name)
    {
        if (httpClusters is null || name.Length == 0)
            return;
        var cluster = httpClusters.FirstOrDefault(cluster => cluster.ClusterId.Equals(name, StringComparison.OrdinalIgnoreCase));
        var (destination, config) = cluster?.Destinations?.FirstOrDefault() ?? default;
        section.Error("ClusterId", cluster is null ? $"'{name}' is not a cluster of ReverseProxy:Clusters"
            : config is null ? $"the cluster '{name}' has no destinations"
            : $"the destination '{destination}' of the cluster '{name}' is '{config.Address}', but a stream needs 'tcp' or 'udp'");
    }
}
