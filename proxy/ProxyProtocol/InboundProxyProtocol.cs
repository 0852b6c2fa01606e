using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>
/// Says of a connection whether it has to begin with a PROXY protocol header. The most specific entry for the
/// destination decides, as among routes: the longest address prefix, then the narrowest port range.
/// </summary>
internal sealed class InboundProxyProtocol
{
    private readonly (Prefix? Prefix, PortRange Ports, InboundEntry Entry)[] _places;

    public InboundProxyProtocol(IReadOnlyList<InboundEntry> entries)
    {
        Entries = entries;
        _places = [.. entries
            .SelectMany(entry => entry.Match.Places(), (entry, place) => (place.Prefix, place.Ports, entry))
            .OrderByDescending(place => place.Prefix?.Length ?? -1)
            .ThenBy(place => place.Ports.Count)];
    }

    /// <summary>No entry: no header is expected from anybody.</summary>
    public static InboundProxyProtocol None { get; } = new([]);

    public IReadOnlyList<InboundEntry> Entries { get; }

    /// <summary>What is expected of a peer that connects to a destination.</summary>
    public Expectation For(in Steered steered)
    {
        foreach (var (prefix, ports, entry) in _places)
        {
            if (ports.Contains(steered.Original.Port) && prefix?.Contains(steered.Original.Address) != false)
                return entry.Match.MatchesSource(steered.Client.Address) ? Expectation.Header : entry.Others;
        }
        return Expectation.None;
    }
}
