using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Knows which destinations rules steer to the proxy. Where that is hard to tell, they count as steered: several rules that
/// only together take away all of another one are not found.
/// </summary>
internal sealed class SteeredPlaces(Ruleset ruleset)
{
    private readonly (Rule Rule, Prefix Prefix, PortRange Ports)[] _places = [..
        from rule in ruleset.Rules
        from prefix in rule.Prefixes
        from ports in rule.Ports
        select (rule, prefix, ports)];

    /// <summary>Whether anything is steered to the proxy.</summary>
    public bool Any => _places.Any(place => place.Rule.Target == Target.Proxy);

    /// <summary>Whether anything that the match takes may reach the proxy.</summary>
    public bool Reach(Protocols protocol, DestinationMatch match) => match.Places().Any(place => Reaches(protocol, place.Prefix, place.Ports));

    private bool Reaches(Protocols protocol, Prefix? prefix, PortRange ports)
    {
        // One look tells most: all rules are searched only for what is unusual.
        if (prefix is { } wanted && ruleset.Decide(protocol, wanted.Address, Math.Max((ushort)1, ports.First))?.Target == Target.Proxy)
            return true;

        return _places.Any(place => place.Rule.Target == Target.Proxy
            && (place.Rule.Protocols & protocol) != 0
            && place.Ports.Overlaps(ports)
            && (prefix is not { } wanted || wanted.Contains(place.Prefix) || place.Prefix.Contains(wanted))
            && !IsTakenAway(protocol, place.Prefix, place.Ports, prefix, ports));
    }

    /// <summary>Whether a more specific rule for something else takes all that the route and a rule for the proxy have in common.</summary>
    private bool IsTakenAway(Protocols protocol, Prefix steered, PortRange steeredPorts, Prefix? wanted, PortRange wantedPorts)
    {
        var common = wanted is { } inner && steered.Contains(inner) ? inner : steered;
        var commonPorts = new PortRange(Math.Max(steeredPorts.First, wantedPorts.First), Math.Min(steeredPorts.Last, wantedPorts.Last));
        if (ruleset.Decide(protocol, common.Address, Math.Max((ushort)1, commonPorts.First))?.Target == Target.Proxy)
            return false;
        return _places.Any(place => place.Rule.Target != Target.Proxy
            && (place.Rule.Protocols & protocol) != 0
            && place.Prefix.Contains(common)
            && place.Ports.First <= commonPorts.First && place.Ports.Last >= commonPorts.Last
            && (place.Prefix.Length > steered.Length || place.Prefix == steered && place.Ports.Count < steeredPorts.Count));
    }
}
