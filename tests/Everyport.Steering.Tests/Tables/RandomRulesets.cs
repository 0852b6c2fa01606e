using CsCheck;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Tables;

/// <summary>
/// Rulesets in which much collides: few address bits vary, prefixes nest, ports crowd at the ends and at page
/// borders.
/// </summary>
internal static class RandomRulesets
{
    private static readonly ushort[] InterestingPorts = [1, 2, 15, 16, 53, 80, 255, 256, 257, 443, 4095, 4096, 8080, 32768, 65279, 65280, 65534, 65535];

    private static readonly Gen<ushort> Port = Gen.OneOf(Gen.OneOf(InterestingPorts), Gen.UShort[1, ushort.MaxValue]);

    private static readonly Gen<Address> IPv4 = Gen.OneOf(
        Gen.UInt[0, 3].Select(low => Steering.Rules.Address.FromIPv4(0x0A000000 | low << 30 | low << 14 | low)),
        Gen.UInt[0, 255].Select(low => Steering.Rules.Address.FromIPv4(0xC6336400 | low)),
        Gen.UInt.Select(Steering.Rules.Address.FromIPv4));

    private static readonly Gen<Address> IPv6 = Gen.OneOf(
        Gen.Select(Gen.ULong[0, 3], Gen.ULong[0, 3], (high, low) => new Address(true, new UInt128(0x2001_0db8_0000_0000 | high << 14, low << 62 | low))),
        Gen.ULong[0, 255].Select(low => new Address(true, new UInt128(0x2001_0db8_0000_0007, low))),
        Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new Address(true, new UInt128(high, low))))
        .Where(address => address.Bits >> 32 != 0xFFFF);

    private static readonly Gen<Address> Addresses = Gen.OneOf(IPv4, IPv6);

    /// <summary>Prefixes of both families and all lengths.</summary>
    public static Gen<Prefix> Prefixes { get; } =
        from address in Addresses
        from length in Gen.OneOf(Gen.Int[0, address.Width], Gen.OneOf(0, 8, 24, 32, 48, 63, 64, 65, 128).Where(length => length <= address.Width))
        select new Prefix(address, length);

    private static readonly Gen<PortRanges> Ports = Gen.Frequency(
        (1, Gen.Const(PortRanges.All)),
        (3, Gen.Select(Port, Port, (a, b) => new PortRange(Math.Min(a, b), Math.Max(a, b))).Array[1, 4].Select(ranges => PortRanges.Of(ranges))),
        (2, Port.Select(port => PortRanges.Of(new PortRange(port, port)))));

    private static readonly Gen<Target> Target = Gen.OneOf(
        Gen.OneOf(Steering.Rules.Target.Pass, Steering.Rules.Target.Drop, Steering.Rules.Target.Proxy),
        Gen.Int[0, 5].Select(i => Steering.Rules.Target.ToService($"service-{i}")));

    /// <summary>Rules without contradictions: those that contradict an earlier one are left out.</summary>
    public static Gen<Rule[]> Rulesets { get; } =
        Gen.Select(Gen.OneOf(Protocols.Tcp, Protocols.Udp, Protocols.All), Prefixes.HashSet[1, 4], Ports, Target)
            .Select((protocols, prefixes, ports, target) => new Rule("", protocols, [.. prefixes], ports, target))
            .Array[0, 40]
            .Select(WithoutConflicts);

    /// <summary>Destinations anywhere.</summary>
    public static Gen<Lookup[]> Lookups(int count) =>
        Gen.Select(Gen.OneOf(Protocols.Tcp, Protocols.Udp), Addresses, Port, (protocol, address, port) => new Lookup(protocol, address, port)).Array[count];

    /// <summary>The same destinations, most of them moved to the first, last and neighbouring addresses and ports of rules.</summary>
    public static IEnumerable<Lookup> Near(Rule[] rules, Lookup[] lookups)
    {
        for (var i = 0; i < lookups.Length; i++)
        {
            var lookup = lookups[i];
            yield return lookup;
            if (rules.Length == 0)
                continue;

            var rule = rules[i % rules.Length];
            var prefix = rule.Prefixes[i % rule.Prefixes.Count];
            var range = rule.Ports[i % rule.Ports.Count];
            var size = UInt128.One << (128 - prefix.Length);
            var unit = UInt128.One << (128 - prefix.Address.Width);
            var bits = (i % 5) switch
            {
                0 => prefix.Address.Bits,
                1 => prefix.Address.Bits - unit,
                2 when prefix.Length > 0 => prefix.Address.Bits + size,
                3 when prefix.Length > 0 => prefix.Address.Bits + size - unit,
                _ => prefix.Address.Bits | (lookup.Address.Bits & (prefix.Length == 0 ? UInt128.MaxValue : size - 1) & ~(unit - 1)),
            };
            var port = (i % 7) switch { 0 => range.First, 1 => range.Last, 2 => range.First - 1, 3 => range.Last + 1, _ => lookup.Port };
            var near = new Address(prefix.Address.IsIPv6, bits);
            if (near.IsIPv6 && bits >> 32 == 0xFFFF)
                continue;
            yield return new Lookup(lookup.Protocol, near, (ushort)Math.Clamp(port, 1, ushort.MaxValue));
        }
    }

    private static Rule[] WithoutConflicts(Rule[] rules)
    {
        var kept = new List<Rule>();
        foreach (var rule in rules)
        {
            kept.Add(rule with { Name = $"rule-{kept.Count}" });
            if (!Ruleset.TryCreate(kept, out _, out _))
                kept.RemoveAt(kept.Count - 1);
        }
        return [.. kept];
    }
}
