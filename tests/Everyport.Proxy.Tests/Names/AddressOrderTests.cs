using System.Net;
using CsCheck;
using Everyport.Proxy.Names;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Tests.Names;

/// <summary>The order of dials to a name with several addresses.</summary>
public class AddressOrderTests
{
    private static readonly Gen<IPAddress[]> Answers = Gen.Select(Gen.Bool, Gen.Byte)
        .Select((isIPv6, last) => IPAddress.Parse(isIPv6 ? $"2001:db8::{last:x}" : $"192.0.2.{last}"))
        .Array[0, 12];

    [Theory]
    [InlineData("2001:db8::1 2001:db8::2 2001:db8::3 192.0.2.1 192.0.2.2", "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 2001:db8::3")]
    [InlineData("192.0.2.2 192.0.2.1 2001:db8::1", "192.0.2.2 2001:db8::1 192.0.2.1")]
    [InlineData("192.0.2.1 ::ffff:192.0.2.1 192.0.2.1", "192.0.2.1")]
    [InlineData("", "")]
    public void Families_alternate(string resolved, string expected) => Assert.Equal(
        expected, string.Join(' ', AddressOrder.Interleave(resolved.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse))));

    [Fact]
    public void The_resolvers_order_is_kept_within_a_family_and_no_family_waits_behind_the_other() => Answers.Sample(resolved =>
    {
        var ordered = AddressOrder.Interleave(resolved);
        Address[] distinct = [.. resolved.Select(Address.From).Distinct()];
        foreach (var isIPv6 in (bool[])[false, true])
            Assert.Equal(distinct.Where(address => address.IsIPv6 == isIPv6), ordered.Where(address => address.IsIPv6 == isIPv6));
        Assert.Equal(distinct.FirstOrDefault(), ordered.FirstOrDefault());

        var fewer = Math.Min(ordered.Count(address => address.IsIPv6), ordered.Count(address => !address.IsIPv6));
        Assert.All(Enumerable.Range(0, 2 * fewer), i => Assert.Equal(ordered[0].IsIPv6 ^ i % 2 == 1, ordered[i].IsIPv6));
    });
}
