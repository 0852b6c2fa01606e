using Everyport.Steering.Netlink;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Guards;

/// <summary>
/// The guard rails: rules with the target <see cref="Target.Pass"/> that protect what a rule with ports <c>*</c>
/// would take away by accident. A rule that names the port is meant, and wins over them.
/// </summary>
internal static class GuardRules
{
    /// <summary>
    /// One rule for each listener of another program that would be hijacked: at its own address, or, where it
    /// listens everywhere, at each address that is assigned to an interface.
    /// </summary>
    public static IEnumerable<Rule> ForListeners(
        Ruleset ruleset, Func<Rule, bool> isGuarded, IEnumerable<OpenListener> listeners, IReadOnlyCollection<Address> assigned) =>
        from listener in listeners
        from address in listener.Address is { } own ? [own] : assigned.Where(address => address.IsIPv6 ? listener.IPv6 : listener.IPv4)
        where IsWildcard(ruleset, isGuarded, listener.Protocol, address, listener.Port)
        select Guard($"listener {listener.Protocol.ToString().ToUpperInvariant()} {address} port {listener.Port}", listener.Protocol, address, new PortRange(listener.Port, listener.Port));

    /// <summary>
    /// One rule for each assigned address that a rule for all UDP ports covers: answers to a client that has not
    /// connected its socket, as those of the DNS, come to a port of the ephemeral range.
    /// </summary>
    public static IEnumerable<Rule> ForEphemeralPorts(Ruleset ruleset, Func<Rule, bool> isGuarded, IEnumerable<Address> assigned, PortRange ephemeral) =>
        from address in assigned
        from range in WildcardPieces(ruleset, isGuarded, Protocols.Udp, address, ephemeral)
        select Guard($"ephemeral UDP ports of {address}, {range}", Protocols.Udp, address, range);

    private static Rule Guard(string what, Protocols protocol, Address address, PortRange range) =>
        new($"guard: {what}", protocol, [new Prefix(address, address.Width)], PortRanges.Of(range), Target.Pass);

    /// <summary>Whether a destination goes to a service by a guarded rule for all ports, be they written <c>*</c> or <c>1-65535</c>.</summary>
    private static bool IsWildcard(Ruleset ruleset, Func<Rule, bool> isGuarded, Protocols protocol, Address address, ushort port) =>
        ruleset.Decide(protocol, address, port) is { Target.Kind: TargetKind.Service } rule
        && rule.Ports.Narrowest(port) is { First: <= 1, Last: ushort.MaxValue } && isGuarded(rule);

    /// <summary>The parts of a range whose ports go to a service by a rule for all ports.</summary>
    private static IEnumerable<PortRange> WildcardPieces(Ruleset ruleset, Func<Rule, bool> isGuarded, Protocols protocol, Address address, PortRange range)
    {
        // Between two borders of port ranges of the prefixes around the address, one rule decides.
        int[] borders = [.. ruleset.Around(address)
            .SelectMany(group => group.Rules)
            .SelectMany(rule => rule.Ports)
            .SelectMany(ports => (int[])[ports.First, ports.Last + 1])
            .Where(border => border > range.First && border <= range.Last)
            .Concat([range.First, range.Last + 1])
            .Distinct()
            .Order()];

        PortRange? open = null;
        for (var i = 0; i + 1 < borders.Length; i++)
        {
            var (first, last) = ((ushort)borders[i], (ushort)(borders[i + 1] - 1));
            if (IsWildcard(ruleset, isGuarded, protocol, address, first))
                open = new PortRange(open?.First ?? first, last);
            else if (open is { } piece)
            {
                yield return piece;
                open = null;
            }
        }
        if (open is { } rest)
            yield return rest;
    }
}
