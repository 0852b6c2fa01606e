using CsCheck;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Keys are equal where all of both ends is, and their hashes cannot be steered.</summary>
public class FlowKeyTests
{
    private static readonly Gen<Endpoint> Ends = Gen.Select(
        Gen.Bool, Gen.OneOf(UInt128.Zero, UInt128.One, UInt128.MaxValue, UInt128.One << 96), Gen.OneOf<ushort>(0, 1, 65_535),
        (ipv6, bits, port) => new Endpoint(new Address(ipv6, bits), port));

    [Fact]
    public void Equal_keys_are_those_with_equal_ends() => Gen.Select(Ends, Ends, Ends, Ends).Sample((a, b, c, d) =>
    {
        var (left, right) = (new FlowKey(a, b), new FlowKey(c, d));
        Assert.Equal(a == c && b == d, left == right);
        if (left == right)
            Assert.Equal(left.GetHashCode(), right.GetHashCode());
    });

    [Fact]
    public void Who_varies_one_part_of_a_key_does_not_meet_the_same_hash_again_and_again()
    {
        var original = new Endpoint(Address.FromIPv4(0x01020304), 53);
        FlowKey[] keys =
        [
            .. Enumerable.Range(0, 10_000).Select(port => new FlowKey(new Endpoint(Address.FromIPv4(5), (ushort)port), original)),
            .. Enumerable.Range(1, 10_000).Select(number => new FlowKey(new Endpoint(Address.FromIPv4((uint)number), 0), original)),
            // Both halves alike: what a hash that only folds them takes for one.
            .. Enumerable.Range(1, 10_000).Select(number => new FlowKey(new Endpoint(new Address(true, (UInt128)number << 64 | (uint)number), 0), original)),
            .. Enumerable.Range(1, 10_000).Select(number => new FlowKey(new Endpoint(new Address(true, (UInt128)number << 32 | (uint)number), 0), original)),
        ];
        // 40,000 of 4 billion: fewer than one pair in a thousand runs meets by chance more than ten times.
        Assert.InRange(keys.Select(key => key.GetHashCode()).Distinct().Count(), keys.Length - 10, keys.Length);
    }
}
