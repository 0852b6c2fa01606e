using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Tests.Tables;

/// <summary>The kernel memory of large tables, as the kernel itself accounts it.</summary>
public sealed class TableMemoryTests : IDisposable
{
    private readonly SharedMaps _maps = SharedMaps.Create();
    private readonly Random _random = new(1);

    public void Dispose() => _maps.Dispose();

    [KernelFact]
    public void A_rule_for_everything_takes_a_page() => AssertWithin(1, [new Prefix(IPv4(0), 0)]);

    [KernelFact]
    public void A_hundred_thousand_random_IPv4_addresses_take_less_than_64_MiB() =>
        AssertWithin(64, Distinct(100_000, () => new Prefix(IPv4((uint)_random.NextInt64(1L << 32)), 32)));

    [KernelFact]
    public void A_hundred_thousand_random_IPv6_networks_take_less_than_64_MiB() =>
        AssertWithin(64, Distinct(100_000, () => new Prefix(new Address(true, new UInt128((ulong)_random.NextInt64(long.MaxValue), 0)), 64)));

    [KernelFact]
    public void A_million_prefixes_shaped_like_a_routing_table_take_less_than_256_MiB() =>
        AssertWithin(256, Distinct(1_000_000, () => new Prefix(IPv4((uint)_random.NextInt64(0x01000000, 0xDF000000)), _random.Next(10) < 6 ? 24 : _random.Next(16, 24))));

    private void AssertWithin(double mebibytes, IEnumerable<Prefix> prefixes)
    {
        var rules = Rulesets.Create(new Rule("all", Protocols.All, [.. prefixes], PortRanges.Of(new PortRange(80, 80), new PortRange(443, 443)), Target.Proxy));
        using var generation = Generation.Load(TableCompiler.Compile(rules, _ => 0), _maps, countPorts: false);
        Assert.InRange(generation.TableMemory / 1048576.0, 0, mebibytes);
    }

    private static Address IPv4(uint address) => Steering.Rules.Address.FromIPv4(address);

    private static HashSet<Prefix> Distinct(int count, Func<Prefix> next)
    {
        var prefixes = new HashSet<Prefix>(count);
        while (prefixes.Count < count)
            prefixes.Add(next());
        return prefixes;
    }
}
