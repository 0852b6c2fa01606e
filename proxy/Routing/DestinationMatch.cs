using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>
/// What a route asks of the original destination: <c>Match:Ports</c> and <c>Match:Addresses</c>. Either may be left
/// out, and then all match.
/// </summary>
internal sealed record DestinationMatch(PortRanges Ports, IReadOnlyList<Prefix> Addresses)
{
    public static DestinationMatch Any { get; } = new(PortRanges.All, []);

    /// <summary>Whether every destination matches.</summary>
    public bool IsAny => Ports.IsAll && Addresses.Count == 0;

    public bool Matches(Endpoint destination)
    {
        if (Ports.Narrowest(destination.Port) is null)
            return false;
        if (Addresses.Count == 0)
            return true;
        foreach (var prefix in Addresses)
        {
            if (prefix.Contains(destination.Address))
                return true;
        }
        return false;
    }

    /// <summary>
    /// How specific the match is for a destination that it matches: the length of the longest prefix that holds it,
    /// -1 without prefixes, then the fewer ports. The greater one goes first.
    /// </summary>
    public (int PrefixLength, int FewerPorts) SpecificityFor(Endpoint destination)
    {
        var prefixLength = -1;
        foreach (var prefix in Addresses)
        {
            if (prefix.Contains(destination.Address))
                prefixLength = Math.Max(prefixLength, prefix.Length);
        }
        return (prefixLength, -(Ports.Narrowest(destination.Port)?.Count ?? int.MaxValue));
    }
}
