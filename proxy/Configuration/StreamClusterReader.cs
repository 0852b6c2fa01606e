using System.Collections.Immutable;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Configuration.Schema;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Reads the clusters of <c>ReverseProxy:Clusters</c> whose destinations are <c>tcp://</c>, <c>tls://</c> or <c>udp://</c>. The keys
/// are YARP's, as far as they make sense without HTTP; YARP itself never sees these clusters.
/// </summary>
internal static class StreamClusterReader
{
    /// <summary>These clusters, among the entries of <c>Clusters</c>.</summary>
    public const string Kind = "stream";

    private static readonly string[] OnlyForHttp = ["SessionAffinity", "HttpClient", "HttpRequest"];

    /// <summary>Whether a cluster is one of streams; one with destinations of both kinds is, and is an error.</summary>
    public static bool IsStreamCluster(IConfigurationSection cluster) =>
        cluster.GetSection("Destinations").GetChildren().Any(destination => Scheme(destination["Address"]) is "tcp" or "tls" or "udp");

    public static IReadOnlyList<StreamClusterConfig> Read(SectionReader reverseProxy, IConfigurationSection raw) =>
        [.. reverseProxy.Entries("Clusters", Kind)
            .Where(cluster => IsStreamCluster(raw.GetSection("Clusters").GetSection(cluster.Name)))
            .Select(ReadCluster)];

    private static StreamClusterConfig ReadCluster(SectionReader section)
    {
        SectionReader[] entries = [.. section.Entries("Destinations")];
        RejectMixture(section, entries);
        var healthAddresses = ImmutableDictionary.CreateBuilder<string, StreamDestination>(StringComparer.OrdinalIgnoreCase);
        StreamDestination[] destinations = [.. entries.Select(entry => ReadDestination(entry, healthAddresses)).OfType<StreamDestination>()];
        var protocol = destinations is [var first, ..] ? first.Protocol : Protocols.Tcp;

        var cluster = new StreamClusterConfig(section.Name, protocol, [.. destinations.Where(destination => destination.Protocol == protocol)])
        {
            LoadBalancing = section.Value("LoadBalancingPolicy", StreamClusterConfig.DefaultFor(protocol), ParseLoadBalancing),
            Health = ClusterHealthReader.Read(section),
            HealthAddresses = healthAddresses.ToImmutable(),
            Tls = UpstreamTlsReader.Read(section, destinations.Concat(healthAddresses.Values).Any(destination => destination.IsTls)),
        };
        foreach (var key in OnlyForHttp)
            section.RejectPresent(key, $"has no meaning for {destinations.FirstOrDefault()?.ToString().Split(':')[0] ?? "tcp"} destinations, which know nothing of HTTP; remove it");
        section.RejectPresent("CircuitBreaker", "belongs to HTTP; destinations of streams have HealthCheck:Passive. Remove it");
        section.RejectPresent("ProxyProtocol", "is a setting of the stream here: set it at the entry of Streams that names this cluster");
        section.RejectUnknown();
        if (cluster.Health.Active.Enabled)
            CheckProbes(cluster, entries);
        return cluster;
    }

    private static StreamDestination? ReadDestination(SectionReader section, ImmutableDictionary<string, StreamDestination>.Builder healthAddresses)
    {
        var address = Parse(section, "Address", section.RequiredText("Address", "an address such as 'tcp://10.0.0.6:5432'", ValueForm.Of(typeof(StreamDestination))));
        if (section.Text("Health", ValueForm.Of(typeof(StreamDestination))) is { Length: > 0 } health && Parse(section, "Health", health) is { } probed)
            healthAddresses[section.Name] = probed;
        section.RejectPresent("Host", "is the Host header of requests, which streams do not have; remove it");
        section.Accept("Metadata");
        section.RejectUnknown();
        return address;
    }

    private static StreamDestination? Parse(SectionReader section, string key, string text)
    {
        // What is no stream at all is told for the cluster.
        if (text.Length == 0 || key == "Address" && Scheme(text) is "http" or "https")
            return null;
        if (!StreamDestination.TryParse(section.Name, text, out var destination, out var error))
            section.Error(key, error!);
        return destination;
    }

    private static void RejectMixture(SectionReader section, SectionReader[] entries)
    {
        var known = entries
            .Select(entry => (entry.Name, Address: entry.Text("Address"), Kind: Scheme(entry.Text("Address")) switch { "https" => "http", "tls" => "tcp", var scheme => scheme }))
            .Where(entry => entry.Kind is "http" or "tcp" or "udp")
            .ToArray();
        var other = known.FirstOrDefault(entry => entry.Kind != known[0].Kind);
        if (other.Name is not null)
            section.Error("Destinations", $"'{known[0].Name}' is '{known[0].Address}', but '{other.Name}' is '{other.Address}'; a cluster has destinations of one protocol, make two of it");
    }

    /// <summary>A check opens a TCP connection, and belongs to no client whose original destination could be dialled.</summary>
    private static void CheckProbes(StreamClusterConfig cluster, SectionReader[] entries)
    {
        foreach (var destination in cluster.Destinations)
        {
            var probed = cluster.HealthAddressOf(destination);
            if (probed.Protocol != Protocols.Tcp || probed.Port is null || probed.Host == StreamDestination.AddressPlaceholder)
            {
                entries.First(entry => entry.Name == destination.Name).Error(
                    ReferenceEquals(probed, destination) ? "Address" : "Health",
                    $"'{probed}' cannot be checked, but HealthCheck:Active is enabled; set Health to a TCP address without placeholders, such as 'tcp://10.0.0.6:5432'");
            }
        }
    }

    private static bool ParseLoadBalancing(string text, out LoadBalancing policy, out string? error)
    {
        var name = text.Equals("LeastRequests", StringComparison.OrdinalIgnoreCase) ? nameof(LoadBalancing.LeastConnections) : text;
        return EnumNames.TryParse(name, out policy, out error);
    }

    private static string Scheme(string? address) => (address ?? "").Split("://")[0];
}
