using System.Text;
using Everyport.Steering.Rules;

namespace Everyport.Benchmarks;

/// <summary>Rulesets of a given size, and lookups that they match.</summary>
internal sealed class Workload
{
    /// <summary>256 ports, so that the walk over the port has something to do.</summary>
    public static PortRanges Ports { get; } = PortRanges.Of(new PortRange(80, 80), new PortRange(443, 443), new PortRange(8000, 8253));

    private Workload(IReadOnlyList<Prefix> prefixes) => Prefixes = prefixes;

    public IReadOnlyList<Prefix> Prefixes { get; }

    /// <summary>Random /32s of 10.0.0.0/8, as in the trial that the targets come from.</summary>
    public static Workload IPv4(int count, int seed = 1) =>
        Random(count, seed, random => new Prefix(Address.FromIPv4(0x0A000000 | (uint)random.Next(1 << 24)), 32));

    /// <summary>Random /32s of all of IPv4.</summary>
    public static Workload AnyIPv4(int count, int seed = 1) =>
        Random(count, seed, random => new Prefix(Address.FromIPv4((uint)random.NextInt64(1L << 32)), 32));

    /// <summary>One prefix of length 0.</summary>
    public static Workload Everything { get; } = new([new Prefix(Address.FromIPv4(0), 0)]);

    /// <summary>Random /64s of 2000::/3.</summary>
    public static Workload IPv6(int count, int seed = 1) =>
        Random(count, seed, random => new Prefix(new Address(true, new UInt128((ulong)random.NextInt64() & 0x1FFF_FFFF_FFFF_FFFF | 0x2000_0000_0000_0000, 0)), 64));

    /// <summary>Prefixes with the lengths of a full IPv4 routing table: mostly /24, the rest around /22, /20 and /16.</summary>
    public static Workload RoutingTable(int count, int seed = 1) => Random(count, seed, random =>
    {
        var length = random.Next(100) switch { < 60 => 24, < 72 => 22, < 82 => 23, < 88 => 21, < 93 => 20, < 96 => 19, < 98 => 18, < 99 => 17, _ => 16 };
        return new Prefix(Address.FromIPv4((uint)random.NextInt64(0x01000000, 0xDF000000)), length);
    });

    /// <summary>The rules as JSON text: one rule for each prefix.</summary>
    public byte[] ToJson()
    {
        var json = new StringBuilder("{\"Rules\":{");
        for (var i = 0; i < Prefixes.Count; i++)
            json.Append(i == 0 ? "" : ",").Append($"\"r{i}\":{{\"Prefixes\":[\"{Prefixes[i]}\"],\"Ports\":\"{Ports}\"}}");
        return Encoding.UTF8.GetBytes(json.Append("}}").ToString());
    }

    private static Workload Random(int count, int seed, Func<Random, Prefix> next)
    {
        var random = new Random(seed);
        var prefixes = new HashSet<Prefix>(count);
        while (prefixes.Count < count)
            prefixes.Add(next(random));
        return new Workload([.. prefixes]);
    }
}
