using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>
/// What a route asks of the original destination, <c>Match:Ports</c> and <c>Match:Addresses</c>, and of the client,
/// <c>Match:Sources</c>. Any of them may be left out, and then all match.
/// </summary>
internal sealed record DestinationMatch(PortRanges Ports, IReadOnlyList<Prefix> Addresses)
{
    private static readonly Prefix?[] EveryAddress = [null];

    public static DestinationMatch Any { get; } = new(PortRanges.All, []);

    /// <summary>The clients that match; all, where it is empty.</summary>
    public IReadOnlyList<Prefix> Sources { get; init; } = [];

    /// <summary>Whether every destination matches.</summary>
    public bool IsAnyDestination => Ports.IsAll && Addresses.Count == 0;

    /// <summary>Whether every destination and every client matches.</summary>
    public bool IsAny => IsAnyDestination && Sources.Count == 0;

    public bool Matches(in Steered steered) =>
        Ports.Narrowest(steered.Original.Port) is not null
        && (Addresses.Count == 0 || Longest(Addresses, steered.Original.Address) >= 0)
        && MatchesSource(steered.Client.Address);

    public bool MatchesSource(Address client) => Sources.Count == 0 || Longest(Sources, client) >= 0;

    /// <summary>The length of the longest prefix of <see cref="Sources"/> that holds a client, -1 without one.</summary>
    public int LongestSource(Address client) => Longest(Sources, client);

    /// <summary>Each prefix with each port range; no prefix stands for every address.</summary>
    public (Prefix? Prefix, PortRange Ports)[] Places()
    {
        // For each of tens of thousands of routes: an iterator would take more than the places themselves.
        var (prefixes, next) = (OrAll(Addresses), 0);
        var places = new (Prefix?, PortRange)[prefixes.Count * Ports.Count];
        foreach (var prefix in prefixes)
        {
            foreach (var ports in Ports)
                places[next++] = (prefix, ports);
        }
        return places;
    }

    /// <summary>The prefixes, or null for every address where there are none.</summary>
    public static IReadOnlyList<Prefix?> OrAll(IReadOnlyList<Prefix> prefixes) =>
        prefixes.Count == 0 ? EveryAddress : Array.ConvertAll([.. prefixes], prefix => (Prefix?)prefix);

    private static int Longest(IReadOnlyList<Prefix> prefixes, Address address)
    {
        var length = -1;
        for (var i = 0; i < prefixes.Count; i++)
        {
            if (prefixes[i].Length > length && prefixes[i].Contains(address))
                length = prefixes[i].Length;
        }
        return length;
    }
}
