using Everyport.Proxy.Routing;
using Everyport.Proxy.ProxyProtocol;
using static Everyport.Proxy.Tests.ProxyProtocol.Headers;

namespace Everyport.Proxy.Tests.ProxyProtocol;

/// <summary>Version 2, by what haproxy 2.6 sends and by the tables of the specification.</summary>
public class BinaryHeaderTests
{
    private const string IPv4 = "C0000201 C6336407 DC04 01BB", IPv6 = "20010DB8000000000000000000000001 20010DB8000000000000000000000007 DC04 01BB";
    private static readonly Steered ClientIPv4 = From("192.0.2.1:56324", "198.51.100.7:443"), ClientIPv6 = From("[2001:db8::1]:56324", "[2001:db8::7]:443");

    [Theory]
    [InlineData("2111000C7F0000017F000001B67A520D", "127.0.0.1:46714", "127.0.0.1:21005")]
    [InlineData("211100137F0000017F000001CFA65209030004F47E1C94", "127.0.0.1:53158", "127.0.0.1:21001")]
    [InlineData("2121002B0000000000000000000000000000000100000000000000000000000000000001C830520B030004842FFDC6", "[::1]:51248", "[::1]:21003")]
    public void What_haproxy_sends_is_read(string hex, string client, string original)
    {
        byte[] data = [.. Binary(hex), .. "GET /"u8];
        AssertComplete(data.Length - 5, From(client, original), ProxyHeaderReader.Read(data));
    }

    [Theory]
    [InlineData("20000007030004A9B87E8F")] // haproxy's health check
    [InlineData("20000000")]
    [InlineData("20110000")] // the family is to be ignored
    [InlineData("20FF0003ABCDEF")] // and so is all that follows
    [InlineData("2011000C FFFFFFFF FFFFFFFF FFFF FFFF")]
    public void A_local_connection_has_no_addresses_whatever_follows(string hex) => AssertComplete(Binary(hex).Length, null, ProxyHeaderReader.Read(Binary(hex)));

    [Fact]
    public void A_checksum_holds_for_a_local_connection_too() =>
        AssertMalformed(ProxyHeaderError.Checksum, ProxyHeaderReader.Read(Binary("20000007030004A9B87E8E")));

    [Fact]
    public void Unspecified_families_and_unix_sockets_have_no_addresses()
    {
        AssertComplete(16, null, ProxyHeaderReader.Read(Binary("21000000")));
        AssertComplete(20, null, ProxyHeaderReader.Read(Binary("21000004 04000100")));
        AssertComplete(16 + 216, null, ProxyHeaderReader.Read(Binary("213100D8" + new string('0', 432))));
    }

    [Fact]
    public void A_mapped_address_becomes_the_one_in_it() => AssertComplete(
        52, ClientIPv4, ProxyHeaderReader.Read(Binary("21210024 00000000000000000000FFFFC0000201 00000000000000000000FFFFC6336407 DC04 01BB")));

    [Fact]
    public void The_host_name_and_the_alpn_are_found_among_other_extensions()
    {
        var data = Binary($"21110023 {IPv4} 04000100 02000B6578616D706C652E636F6D 0100026832");
        var header = ProxyHeaderReader.Read(data);
        AssertComplete(data.Length, ClientIPv4, header);
        Assert.Equal("example.com"u8.ToArray(), data[header.Authority]);
        Assert.Equal("h2"u8.ToArray(), data[header.Alpn]);
    }

    [Theory]
    [InlineData("11", nameof(ProxyHeaderError.Version))]
    [InlineData("31", nameof(ProxyHeaderError.Version))]
    [InlineData("22", nameof(ProxyHeaderError.Command))]
    [InlineData("2141", nameof(ProxyHeaderError.Family))]
    [InlineData("2113", nameof(ProxyHeaderError.Family))]
    [InlineData("2110", nameof(ProxyHeaderError.Family))]
    [InlineData("2101", nameof(ProxyHeaderError.Family))]
    [InlineData("2112", nameof(ProxyHeaderError.Transport))]
    [InlineData("2122", nameof(ProxyHeaderError.Transport))]
    [InlineData("2132", nameof(ProxyHeaderError.Transport))]
    [InlineData("2111000B", nameof(ProxyHeaderError.TooShort))]
    [InlineData("21210023", nameof(ProxyHeaderError.TooShort))]
    [InlineData("213100D7", nameof(ProxyHeaderError.TooShort))]
    [InlineData("21110FF1", nameof(ProxyHeaderError.TooLong))]
    [InlineData("20000FF1", nameof(ProxyHeaderError.TooLong))]
    [InlineData("2111FFFF", nameof(ProxyHeaderError.TooLong))]
    [InlineData("2111000D" + IPv4 + "04", nameof(ProxyHeaderError.Extension))]
    [InlineData("2111000E" + IPv4 + "0400", nameof(ProxyHeaderError.Extension))]
    [InlineData("2111000F" + IPv4 + "040001", nameof(ProxyHeaderError.Extension))]
    [InlineData("2111000F" + IPv4 + "020001", nameof(ProxyHeaderError.Extension))]
    [InlineData("2111000F" + IPv4 + "030004", nameof(ProxyHeaderError.Extension))]
    [InlineData("21110012" + IPv4 + "030003000000", nameof(ProxyHeaderError.Extension))]
    [InlineData("21110012" + IPv4 + "010000010000", nameof(ProxyHeaderError.Extension))]
    [InlineData("21110013" + IPv4 + "03000400000000", nameof(ProxyHeaderError.Checksum))]
    [InlineData("21210025" + IPv6 + "04", nameof(ProxyHeaderError.Extension))]
    public void What_cannot_become_a_header_is_refused_without_waiting_for_more(string hex, string error) =>
        AssertMalformed(Enum.Parse<ProxyHeaderError>(error), ProxyHeaderReader.Read(Binary(hex)));

    [Fact]
    public void A_header_of_the_greatest_length_is_read()
    {
        byte[] data = [.. Binary($"21110FF0 {IPv4} 040FE1"), .. new byte[ProxyHeaderReader.MaxLength - 31]];
        AssertComplete(ProxyHeaderReader.MaxLength, ClientIPv4, ProxyHeaderReader.Read(data));
    }

    /// <summary>The checksum in it was computed bit by bit from the definition of CRC32c by another program.</summary>
    [Fact]
    public void What_is_written_is_as_the_specification_has_it()
    {
        Assert.Equal(
            Binary($"21110026 {IPv4} 030004186BDBAC 02000B6578616D706C652E636F6D 0100026832"),
            Write(ProxyProtocolVersion.V2, ClientIPv4, "example.com"u8.ToArray(), "h2"u8.ToArray()));
        Assert.Equal(Binary($"2121002B {IPv6} 030004"), Write(ProxyProtocolVersion.V2, ClientIPv6)[..^4]);
    }

    [Theory]
    [InlineData(256, 0)]
    [InlineData(0, 256)]
    public void An_extension_that_is_too_long_is_a_mistake_of_the_caller(int authority, int alpn) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(ProxyProtocolVersion.V2, ClientIPv4, new byte[authority], new byte[alpn]));
}
