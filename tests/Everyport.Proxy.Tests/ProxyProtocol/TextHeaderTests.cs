using System.Text;
using Everyport.Proxy.ProxyProtocol;
using static Everyport.Proxy.Tests.ProxyProtocol.Headers;

namespace Everyport.Proxy.Tests.ProxyProtocol;

/// <summary>Version 1, by the examples of its specification and by what its specification forbids.</summary>
public class TextHeaderTests
{
    [Fact]
    public void The_example_of_the_specification_is_read_and_the_request_after_it_is_left() => AssertComplete(
        47, From("192.168.0.1:56324", "192.168.0.11:443"), Read("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\nGET / HTTP/1.1\r\nHost: 192.168.0.11\r\n\r\n"));

    [Theory]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535", "255.255.255.255:65535")]
    [InlineData("PROXY TCP4 127.0.0.1 127.0.0.1 47906 21002\r\n", "127.0.0.1:47906", "127.0.0.1:21002")] // haproxy 2.6, send-proxy
    [InlineData("PROXY TCP6 ::1 ::1 44206 21004\r\n", "[::1]:44206", "[::1]:21004")] // haproxy 2.6, send-proxy
    [InlineData("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535")]
    [InlineData("PROXY TCP6 2001:DB8:0::7 2001:db8:0000:0000:0000:0000:0000:0008 0 1\r\n", "[2001:db8::7]:0", "[2001:db8::8]:1")]
    public void Every_form_of_address_is_read(string line, string client, string original) =>
        AssertComplete(line.Length, From(client, original), Read(line));

    [Theory]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:198.51.100.7 1 2\r\n")]
    [InlineData("PROXY TCP6 ::ffff:c000:201 0:0:0:0:0:ffff:c633:6407 1 2\r\n")]
    public void A_mapped_address_becomes_the_one_in_it(string line) =>
        AssertComplete(line.Length, From("192.0.2.1:1", "198.51.100.7:2"), Read(line));

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff anything  at all\r\n")]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n")] // the longest line
    public void Unknown_tells_no_addresses_whatever_follows(string line) => AssertComplete(line.Length, null, Read(line));

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", nameof(ProxyHeaderError.NotAHeader))]
    [InlineData("PR ", nameof(ProxyHeaderError.NotAHeader))]
    [InlineData("PROXY\r\n", nameof(ProxyHeaderError.NotAHeader))]
    [InlineData("proxy TCP4", nameof(ProxyHeaderError.NotAHeader))]
    [InlineData("PROXY  ", nameof(ProxyHeaderError.Family))]
    [InlineData("PROXY UDP4", nameof(ProxyHeaderError.Family))]
    [InlineData("PROXY TCP5", nameof(ProxyHeaderError.Family))]
    [InlineData("PROXY TCP4\r", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY UNKNOWNS", nameof(ProxyHeaderError.Family))]
    [InlineData("PROXY TCP4 192.0.2.1 ::1 ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP6 192.0.2.1 ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP4 ::", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP4  ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP4 192.0.2.01 ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP4 192.0.2 ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP4 192.0.2.256 ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP4 192.0.2.1\t198", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP6 1:2:3:4:5:6:7 ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP6 1:2:3:4:5:6:7:8:9 ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP6 1::2::3 ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP6 12345:: ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP6 fe80::1%1 ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP6 [::1] ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.01 ", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP6 0000000000000000000000000000000000000000000000", nameof(ProxyHeaderError.Address))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 65536", nameof(ProxyHeaderError.Port))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 00", nameof(ProxyHeaderError.Port))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 01 2", nameof(ProxyHeaderError.Port))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 +1", nameof(ProxyHeaderError.Port))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 -1", nameof(ProxyHeaderError.Port))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 1  ", nameof(ProxyHeaderError.Port))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 1 2 ", nameof(ProxyHeaderError.Port))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 1 \r", nameof(ProxyHeaderError.Port))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 1\r", nameof(ProxyHeaderError.Port))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 1 2\n", nameof(ProxyHeaderError.LineEnd))]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.7 1 2\r\r", nameof(ProxyHeaderError.LineEnd))]
    [InlineData("PROXY UNKNOWN a\rb", nameof(ProxyHeaderError.LineEnd))]
    [InlineData("PROXY UNKNOWN a\nb", nameof(ProxyHeaderError.LineEnd))]
    public void What_cannot_become_a_header_is_refused_without_waiting_for_more(string data, string error) =>
        AssertMalformed(Enum.Parse<ProxyHeaderError>(error), Read(data));

    [Fact]
    public void A_line_of_107_bytes_is_the_longest()
    {
        var longest = "PROXY UNKNOWN ".PadRight(105, 'x');
        AssertComplete(107, null, Read(longest + "\r\n"));
        Assert.Equal(ProxyHeaderStatus.NeedMore, Read(longest).Status);
        AssertMalformed(ProxyHeaderError.LineEnd, Read(longest + "x"));
        AssertMalformed(ProxyHeaderError.LineEnd, Read(longest + "x\r\n"));
    }

    [Fact]
    public void What_is_written_is_the_shortest_usual_form()
    {
        AssertWritten("PROXY TCP4 192.0.2.1 198.51.100.7 56324 0\r\n", "192.0.2.1:56324", "198.51.100.7:0");
        AssertWritten("PROXY TCP6 :: ::1 1 2\r\n", "[::]:1", "[::1]:2");
        AssertWritten("PROXY TCP6 2001:db8:: 2001:db8::1:0:0:7 1 2\r\n", "[2001:db8::]:1", "[2001:db8:0:0:1:0:0:7]:2");
        AssertWritten("PROXY TCP6 1:0:2:3:4:5:6:7 1:2:3:4:5:6:7:0 1 2\r\n", "[1:0:2:3:4:5:6:7]:1", "[1:2:3:4:5:6:7:0]:2");
        AssertWritten("PROXY TCP6 fe80::5efe:c000:201 1::1 1 2\r\n", "[fe80::5efe:192.0.2.1]:1", "[1::1]:2");
    }

    [Fact]
    public void A_client_and_a_destination_of_different_families_are_unknown() =>
        AssertWritten("PROXY UNKNOWN\r\n", "192.0.2.1:1", "[2001:db8::1]:2");

    private static void AssertWritten(string expected, string client, string original) =>
        Assert.Equal(expected, Encoding.Latin1.GetString(Write(ProxyProtocolVersion.V1, From(client, original))));
}
