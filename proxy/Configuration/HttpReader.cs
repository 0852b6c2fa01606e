using System.Collections.Frozen;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls.Upstream;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Reads the section <c>ReverseProxy</c>, but for the clusters of streams: keys are checked against YARP's own types,
/// values are read and validated by YARP itself.
/// </summary>
internal static class HttpReader
{
    /// <summary>The clusters of HTTP, among the entries of <c>Clusters</c>.</summary>
    public const string Kind = "http";

    /// <summary>Null where a wrong key or value keeps YARP from reading it; what refers to its clusters cannot be checked then.</summary>
    public static HttpConfiguration? Read(
        SectionReader section, KeyNode raw, IReadOnlyList<StreamClusterConfig> streamClusters, HttpPolicies policies, ConfigurationErrors errors)
    {
        var matches = new Dictionary<string, DestinationMatch>(StringComparer.OrdinalIgnoreCase);
        var retries = new Dictionary<string, RetryRules>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in section.Entries("Routes"))
        {
            matches[route.Name] = DestinationMatchReader.Read(route.Section("Match"));
            retries[route.Name] = PolicyReferences.ReadRetries(route, policies);
        }
        section.Accept("Clusters");
        section.RejectUnknown();

        var http = WithoutStreamClusters(raw);
        SectionReader[] clusters = [.. section.Entries("Clusters", Kind).Where(cluster => http.GetSection("Clusters").GetSection(cluster.Name).Exists())];
        var (headers, tls, circuits) = (ReadProxyProtocol(clusters), ReadTls(clusters), CircuitReader.Read(clusters));
        var keysAreGood = YarpKeys.Check(http, errors);
        if (!keysAreGood)
            return null;
        return Validate(http, matches, section, streamClusters, policies) with
        {
            ProxyProtocol = headers,
            Tls = tls,
            Policies = policies,
            Circuits = circuits,
            Retries = retries.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
        };
    }

    private static FrozenDictionary<string, UpstreamTlsSettings> ReadTls(IEnumerable<SectionReader> clusters) => clusters
        .Select(cluster => (cluster.Name, Tls: UpstreamTlsReader.Read(cluster, cluster.Entries("Destinations").Any(IsHttps))))
        .Where(cluster => cluster.Tls is not null)
        .ToFrozenDictionary(cluster => cluster.Name, cluster => cluster.Tls!, StringComparer.OrdinalIgnoreCase);

    private static bool IsHttps(SectionReader destination) => destination.Text("Address")?.StartsWith("https:", StringComparison.Ordinal) == true;

    private static FrozenDictionary<string, ProxyProtocolVersion> ReadProxyProtocol(IEnumerable<SectionReader> clusters) => clusters
        .Select(cluster => (cluster.Name, Version: cluster.Value<ProxyProtocolVersion?>("ProxyProtocol", null, StreamSettingsReader.ParseVersion)))
        .Where(cluster => cluster.Version is not null)
        .ToFrozenDictionary(cluster => cluster.Name, cluster => cluster.Version!.Value, StringComparer.OrdinalIgnoreCase);

    private static KeyNode WithoutStreamClusters(KeyNode raw) =>
        raw.Child("Clusters") is { } clusters && clusters.Children.Any(StreamClusterReader.IsStreamCluster)
            ? raw.With([.. raw.Children.Where(section => section != clusters), clusters.With(clusters.Children.Where(cluster => !StreamClusterReader.IsStreamCluster(cluster)))])
            : raw;

    private static HttpConfiguration Validate(
        IConfigurationSection raw,
        Dictionary<string, DestinationMatch> matches,
        SectionReader section,
        IReadOnlyList<StreamClusterConfig> streamClusters,
        HttpPolicies policies)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddRouting();
        services.AddSingleton<IConfiguration>(raw);
        services.AddYarp().LoadFromConfig(raw);
        using var provider = services.BuildServiceProvider();

        var config = provider.GetRequiredService<IProxyConfigProvider>().GetConfig();
        var validator = provider.GetRequiredService<IConfigValidator>();
        foreach (var route in config.Routes)
            Report(section, $"Routes:{route.RouteId}", validator.ValidateRouteAsync(PolicyReferences.Without(route)));
        foreach (var cluster in config.Clusters)
            Report(section, $"Clusters:{cluster.ClusterId}", validator.ValidateClusterAsync(cluster));
        HttpDestinationCheck.Check(config, streamClusters, section);
        return new HttpConfiguration([.. config.Routes.Select(route => PolicyReferences.Resolve(route, policies, section))], config.Clusters, matches);
    }

    /// <summary>YARP's validators look things up in memory: their tasks are complete when they are returned.</summary>
    private static void Report(SectionReader section, string path, ValueTask<IList<Exception>> validation)
    {
        foreach (var error in validation.AsTask().GetAwaiter().GetResult())
            section.Error(path, error.Message);
    }
}
