using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Tables;

/// <summary>One new connection or datagram.</summary>
public readonly record struct Lookup(Protocols Protocol, Address Address, ushort Port);

/// <summary>The precedence in its slowest and most obvious form.</summary>
internal static class ReferenceMatcher
{
    public static Target? Decide(IEnumerable<Rule> rules, Lookup lookup)
    {
        var candidates =
            from rule in rules
            where rule.Protocols.HasFlag(lookup.Protocol)
            from prefix in rule.Prefixes
            where Text(prefix.Address, prefix.Length) == Text(lookup.Address, prefix.Length)
            from range in rule.Ports
            where range.First <= lookup.Port && lookup.Port <= range.Last
            orderby prefix.Length descending, range.Last - range.First
            select rule;
        return candidates.FirstOrDefault()?.Target;
    }

    /// <summary>The family and the first bits, written out: two addresses share a prefix where these are equal.</summary>
    private static string Text(Address address, int bits) =>
        (address.IsIPv6 ? "6:" : "4:") + string.Concat(address.ToIPAddress().GetAddressBytes().Select(b => b.ToString("b8")))[..Math.Min(bits, address.Width)];
}
