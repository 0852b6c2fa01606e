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

    public static DestinationMatch Match(string ports = "*", string[]? addresses = null)
    {
        Assert.True(PortRanges.TryParse(ports, out var ranges, out var error), error);
        var prefixes = new List<Prefix>();
        foreach (var text in addresses ?? [])
        {
            Assert.True(Prefix.TryParse(text, out var prefix, out error), error);
            prefixes.Add(prefix);
        }
        return new DestinationMatch(ranges, prefixes);
    }

    public static Endpoint To(string endpoint) => Endpoint.From(IPEndPoint.Parse(endpoint));
}
