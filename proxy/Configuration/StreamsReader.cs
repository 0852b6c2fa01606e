using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>Streams</c>.</summary>
internal static class StreamsReader
{
    /// <summary>Reads every stream.</summary>
    public static IReadOnlyList<StreamRoute> Read(IEnumerable<SectionReader> sections, ClusterDirectory clusters, bool hasCertificates) =>
        [.. sections.Select(section => ReadStream(section, clusters, hasCertificates))];

    private static StreamRoute ReadStream(SectionReader section, ClusterDirectory clusters, bool hasCertificates)
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
            Tls = TlsMatchReader.Read(match) with { Terminates = protocol == Protocols.Tcp && TlsMatchReader.ReadTerminates(section, hasCertificates) },
            Settings = StreamSettingsReader.Read(section, protocol),
        };
        match.RejectUnknown();
        section.RejectUnknown();
        return route with { Destinations = clusters.FindDestinations(section, route) };
    }

    private static bool ParseProtocol(string text, out Protocols protocol, out string? error)
    {
        protocol = text.ToUpperInvariant() switch { "TCP" => Protocols.Tcp, "UDP" => Protocols.Udp, _ => Protocols.None };
        error = protocol == Protocols.None ? $"'{text}' is not a protocol; expected 'tcp' or 'udp'" : null;
        return error is null;
    }
}
