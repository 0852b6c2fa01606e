using System.Net;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Tests.Routing;

/// <summary>Short forms for writing routes in tests.</summary>
internal static class Routes
{
    public static StreamRoute Tcp(string name, string ports = "*", string[]? addresses = null, int order = 0) =>
        new(name, order, Protocols.Tcp, Match(ports, addresses), "cluster", []);

    public static StreamRoute Udp(string name, string ports = "*", string[]? addresses = null, int order = 0) =>
        Tcp(name, ports, addresses, order) with { Protocol = Protocols.Udp };

    public static DestinationMatch Match(string ports = "*", string[]? addresses = null, string[]? sources = null)
    {
        Assert.True(PortRanges.TryParse(ports, out var ranges, out var error), error);
        return new DestinationMatch(ranges, Prefixes(addresses)) { Sources = Prefixes(sources) };
    }

    public static HttpRouteMatch HttpFor(string ports = "*", string[]? addresses = null, int order = 0, string[]? sources = null) =>
        new("http", order, Match(ports, addresses, sources));

    /// <summary>The stream, asking for names.</summary>
    public static StreamRoute WithSni(this StreamRoute stream, params string[] names) => stream with { Tls = stream.Tls with { Sni = [.. names.Select(Pattern)] } };

    public static StreamRoute WithAlpn(this StreamRoute stream, params string[] protocols) => stream with { Tls = stream.Tls with { Alpn = protocols } };

    /// <summary>The stream, ending TLS.</summary>
    public static StreamRoute Terminating(this StreamRoute stream) => stream with { Tls = stream.Tls with { Terminates = true } };

    public static StreamRoute WithSources(this StreamRoute stream, params string[] sources) => stream with { Match = stream.Match with { Sources = Prefixes(sources) } };

    public static ServerNamePattern Pattern(string text)
    {
        Assert.True(ServerNamePattern.TryParse(text, out var pattern, out var error), error);
        return pattern;
    }

    public static List<Prefix> Prefixes(string[]? texts)
    {
        var prefixes = new List<Prefix>();
        foreach (var text in texts ?? [])
        {
            Assert.True(Prefix.TryParse(text, out var prefix, out var error), error);
            prefixes.Add(prefix);
        }
        return prefixes;
    }

    /// <summary>
    /// How specific a match is for what it matches: the length of the longest prefix that holds the destination, then the
    /// fewer ports, then the length of the longest prefix that holds the client. The greater one goes first.
    /// </summary>
    public static (int PrefixLength, int FewerPorts, int SourceLength) SpecificityFor(this DestinationMatch match, Steered steered) => (
        match.Addresses.Where(prefix => prefix.Contains(steered.Original.Address)).Select(prefix => prefix.Length).DefaultIfEmpty(-1).Max(),
        -(match.Ports.Narrowest(steered.Original.Port)?.Count ?? int.MaxValue),
        match.Sources.Where(prefix => prefix.Contains(steered.Client.Address)).Select(prefix => prefix.Length).DefaultIfEmpty(-1).Max());

    /// <summary>A connection to an endpoint, from anywhere where it does not matter.</summary>
    public static Steered Connection(string to, string from = "203.0.113.9:40000") => new(To(from), To(to));

    public static Endpoint To(string endpoint) => Endpoint.From(IPEndPoint.Parse(endpoint));
}
