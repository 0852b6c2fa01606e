using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>Streams</c>.</summary>
internal static class StreamsReader
{
    /// <summary>Reads every stream. Where the clusters could not be read, nothing is said about their names.</summary>
    public static IReadOnlyList<StreamRoute> Read(IEnumerable<SectionReader> sections, IReadOnlyList<ClusterConfig>? clusters) =>
        [.. sections.Select(section => ReadStream(section, clusters))];

    private static StreamRoute ReadStream(SectionReader section, IReadOnlyList<ClusterConfig>? clusters)
    {
        var match = section.Section("Match");
        var protocol = match.Value("Protocol", Protocols.Tcp, ParseProtocol);
        var route = new StreamRoute(
            section.Name,
            section.Number("Order", 0, int.MinValue, int.MaxValue),
            protocol,
            DestinationMatchReader.Read(match),
            section.RequiredText("ClusterId", "the name of a cluster of ReverseProxy:Clusters"),
            [])
        {
            Tls = TlsMatchReader.Read(match, protocol),
            Settings = StreamSettingsReader.Read(section, protocol),
        };
        match.RejectUnknown();
        section.RejectUnknown();
        return clusters is null ? route : route with { Destinations = FindDestinations(section, route, clusters) };
    }

    private static List<StreamDestination> FindDestinations(SectionReader section, StreamRoute route, IReadOnlyList<ClusterConfig> clusters)
    {
        var destinations = new List<StreamDestination>();
        var cluster = clusters.FirstOrDefault(cluster => cluster.ClusterId.Equals(route.ClusterId, StringComparison.OrdinalIgnoreCase));
        if (cluster is null)
        {
            if (route.ClusterId.Length > 0)
                section.Error("ClusterId", $"'{route.ClusterId}' is not a cluster of ReverseProxy:Clusters");
            return destinations;
        }

        foreach (var (name, destination) in cluster.Destinations ?? new Dictionary<string, DestinationConfig>())
        {
            if (!StreamDestination.TryParse(name, destination.Address, out var parsed, out var error))
                section.Error("ClusterId", $"the destination '{name}' of the cluster '{route.ClusterId}' cannot take a stream: {error}");
            else if (parsed!.Protocol != route.Protocol)
                section.Error("ClusterId", $"the destination '{name}' of the cluster '{route.ClusterId}' is '{destination.Address}', but the stream is {route.Protocol.ToString().ToUpperInvariant()}");
            else
                destinations.Add(parsed);
        }
        if (cluster.Destinations is null or { Count: 0 })
            section.Error("ClusterId", $"the cluster '{route.ClusterId}' has no destinations");
        return destinations;
    }

    private static bool ParseProtocol(string text, out Protocols protocol, out string? error)
    {
        protocol = text.ToUpperInvariant() switch { "TCP" => Protocols.Tcp, "UDP" => Protocols.Udp, _ => Protocols.None };
        error = protocol == Protocols.None ? $"'{text}' is not a protocol; expected 'tcp' or 'udp'" : null;
        return error is null;
    }
}
