using CsCheck;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Rules;

public class PrefixTests
{
    [Theory]
    [InlineData("198.51.100.0/24", "198.51.100.0/24")]
    [InlineData("198.51.100.7", "198.51.100.7/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("2001:DB8:0::/32", "2001:db8::/32")]
    [InlineData("::1", "::1/128")]
    [InlineData("::/0", "::/0")]
    public void A_prefix_is_an_address_with_a_length_or_one_address(string text, string expected) => Assert.Equal(expected, Parse(text).ToString());

    [Theory]
    [InlineData("198.51.100.0/33", "'198.51.100.0/33' has a length that is not a number from 0 to 32")]
    [InlineData("2001:db8::/129", "'2001:db8::/129' has a length that is not a number from 0 to 128")]
    [InlineData("198.51.100.0/", "'198.51.100.0/' has a length that is not a number from 0 to 32")]
    [InlineData("198.51.100.0/-1", "'198.51.100.0/-1' has a length that is not a number from 0 to 32")]
    [InlineData("198.51.100.0/255.255.255.0", "'198.51.100.0/255.255.255.0' has a length that is not a number from 0 to 32")]
    [InlineData("198.51.100.7/24", "'198.51.100.7/24' has bits set beyond its length; write '198.51.100.0/24', or '198.51.100.7/32' for the one address")]
    [InlineData("::ffff:198.51.100.0/120", "'::ffff:198.51.100.0/120' is an IPv4-mapped prefix; write it as '198.51.100.0/24'")]
    [InlineData("::ffff:198.51.100.7", "'::ffff:198.51.100.7' is an IPv4-mapped prefix; write it as '198.51.100.7/32'")]
    [InlineData("::ffff:0:0/96", "'::ffff:0:0/96' is an IPv4-mapped prefix; write it as '0.0.0.0/0'")]
    [InlineData("fe80::1%lo/64", "'fe80::1%lo/64' is not a prefix such as '198.51.100.0/24' or '2001:db8::/32'")]
    [InlineData("10/8", "'10/8' is not a prefix such as '198.51.100.0/24' or '2001:db8::/32'")]
    [InlineData("example.com", "'example.com' is not a prefix such as '198.51.100.0/24' or '2001:db8::/32'")]
    [InlineData("", "'' is not a prefix such as '198.51.100.0/24' or '2001:db8::/32'")]
    public void An_error_says_what_is_wrong_and_how_to_write_it(string text, string expected)
    {
        Assert.False(Prefix.TryParse(text, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("198.51.100.0/24", "198.51.100.0", true)]
    [InlineData("198.51.100.0/24", "198.51.100.255", true)]
    [InlineData("198.51.100.0/24", "198.51.101.0", false)]
    [InlineData("198.51.100.0/24", "198.51.99.255", false)]
    [InlineData("198.51.100.7/32", "198.51.100.7", true)]
    [InlineData("198.51.100.7/32", "198.51.100.6", false)]
    [InlineData("0.0.0.0/0", "255.1.2.3", true)]
    [InlineData("2001:db8:7::/48", "2001:db8:7:ffff:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:7::/48", "2001:db8:8::", false)]
    public void A_prefix_holds_the_addresses_that_share_its_bits(string prefix, string address, bool expected) =>
        Assert.Equal(expected, Parse(prefix).Contains(Parse(address).Address));

    [Fact]
    public void The_families_are_separate()
    {
        Assert.False(Parse("::/0").Contains(Parse("127.0.0.1").Address));
        Assert.False(Parse("0.0.0.0/0").Contains(Parse("::1").Address));
        Assert.False(Parse("::/0").Contains(Parse("0.0.0.0/0")));
    }

    [Fact]
    public void A_range_comes_before_those_inside_it()
    {
        string[] texts = ["10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "10.1.0.0/16", "::/0", "2001:db8::/32"];
        Assert.Equal(texts, texts.Reverse().Select(Parse).Order().Select(prefix => prefix.ToString()));
    }

    [Fact]
    public void Whatever_is_written_is_read_back_as_it_was() =>
        (from ipv6 in Gen.Bool
         from high in Gen.ULong
         from low in Gen.ULong
         from length in Gen.Int[0, ipv6 ? 128 : 32]
         select new Prefix(ipv6 ? new Address(true, new UInt128(high, low)) : Address.FromIPv4((uint)high), length))
        .Where(prefix => !prefix.Address.IsIPv6 || prefix.Address.Bits >> 32 != 0xFFFF)
        .Sample(prefix => Parse(prefix.ToString()) == prefix && prefix.Contains(prefix.Address) && prefix.Contains(prefix));

    private static Prefix Parse(string text)
    {
        Assert.True(Prefix.TryParse(text, out var prefix, out var error), error);
        return prefix;
    }
}
