using System.Collections.Frozen;
using Everyport.Proxy.Configuration;

namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>The names in a configuration that series are named after. A series of anything else has no future.</summary>
internal sealed class ConfiguredNames
{
    private readonly FrozenSet<string> _routes, _clusters, _certificates;
    private readonly FrozenSet<(string Cluster, string Destination)> _destinations;

    public ConfiguredNames(ProxyConfiguration configuration)
    {
        var http = configuration.Http;
        _routes = http.Routes.Select(route => route.RouteId).Concat(configuration.Streams.Select(stream => stream.Name)).ToFrozenSet(StringComparer.Ordinal);
        _clusters = http.Clusters.Select(cluster => cluster.ClusterId).Concat(configuration.StreamClusters.Select(cluster => cluster.Name)).ToFrozenSet(StringComparer.Ordinal);
        _certificates = configuration.Tls.Certificates.Select(certificate => certificate.Name).ToFrozenSet(StringComparer.Ordinal);
        _destinations = http.Clusters
            .SelectMany(cluster => (cluster.Destinations?.Keys ?? []).Select(name => (cluster.ClusterId, name)))
            .Concat(configuration.StreamClusters.SelectMany(cluster => cluster.Destinations.Select(destination => (cluster.Name, destination.Name))))
            .ToFrozenSet();
    }

    /// <summary>Whether all that a series is named after is there. What has no name, as a request without a route, always is.</summary>
    public bool Has(TagSet tags) =>
        Has(_routes, tags["route"]) && Has(_clusters, tags["cluster"]) && Has(_certificates, tags["certificate"])
        && (tags["destination"] is not { Length: > 0 } destination || tags["cluster"] is not { Length: > 0 } cluster || _destinations.Contains((cluster, destination)));

    private static bool Has(FrozenSet<string> names, string? name) => name is null or "" || names.Contains(name);
}
