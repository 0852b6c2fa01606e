using System.Net;
using CsCheck;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Rules;

/// <summary>Addresses as people write them, and as sockets do.</summary>
public class AddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("2001:db8:7::ab")]
    [InlineData("fe80::1")]
    public void The_usual_forms_are_read_and_written_back(string text)
    {
        Assert.True(Address.TryParse(text, out var address));
        Assert.Equal(text, address.ToString());
        Assert.Equal(text.Contains(':', StringComparison.Ordinal), address.IsIPv6);
    }

    [Theory]
    [InlineData("1")] // 0.0.0.1 to inet_aton
    [InlineData("127.1")]
    [InlineData("0x7f.1")]
    [InlineData("2130706433")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.")]
    [InlineData(" 1.2.3.4")]
    [InlineData("fe80::1%lo")]
    [InlineData("fe80::1%2")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("1.2.3.4:80")]
    [InlineData("2001:db8::/32")]
    [InlineData("localhost")]
    [InlineData("")]
    public void Abbreviations_zones_and_names_are_refused(string text) => Assert.False(Address.TryParse(text, out _));

    [Theory]
    [InlineData("010.0.0.1")] // 8.0.0.1 to those who read octal
    [InlineData("10.0.0.08")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("::ffff:010.0.0.1")]
    public void Numbers_that_programs_read_differently_are_refused(string text) => Assert.False(Address.TryParse(text, out _));

    [Fact]
    public void A_mapped_address_is_the_IPv4_address_in_it()
    {
        Assert.True(Address.TryParse("::ffff:198.51.100.7", out var mapped));
        Assert.False(mapped.IsIPv6);
        Assert.Equal("198.51.100.7", mapped.ToString());
        Assert.Equal(mapped, Address.From(IPAddress.Parse("::ffff:198.51.100.7")));
    }

    [Fact]
    public void IPv4_and_IPv6_addresses_are_never_equal() => Assert.NotEqual(Address.FromIPv4(0), new Address(true, 0));

    [Fact]
    public void IPv4_comes_before_IPv6()
    {
        Assert.True(Address.FromIPv4(uint.MaxValue) < new Address(true, 0));
        Assert.True(Address.FromIPv4(1) < Address.FromIPv4(2));
        Assert.True(Address.FromIPv4(2) >= Address.FromIPv4(2));
    }

    [Fact]
    public void Every_address_survives_IPAddress_text_and_bytes() =>
        Gen.OneOf(
            Gen.UInt.Select(Address.FromIPv4),
            Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new Address(true, new UInt128(high, low))).Where(address => address.Bits >> 32 != 0xFFFF))
        .Sample(address =>
        {
            Span<byte> bytes = stackalloc byte[16];
            return Address.From(address.ToIPAddress()) == address
                && Address.TryParse(address.ToString(), out var parsed) && parsed == address
                && Address.FromBytes(bytes[..address.WriteBytes(bytes)]) == address;
        });
}
