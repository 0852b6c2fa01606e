using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Sniffing.Quic;

namespace Everyport.Proxy.Tests.Sniffing.Quic;

/// <summary>The connection IDs that a flow is kept by.</summary>
public class QuicHeaderTests
{
    // RFC 9000, appendix A.1.
    [Theory]
    [InlineData("c2197c5eff14e88c", 151_288_809_941_952_652)]
    [InlineData("9d7f3e7d", 494_878_333)]
    [InlineData("7bbd", 15_293)]
    [InlineData("4025", 37)]
    [InlineData("25", 37)]
    public void An_integer_has_the_length_that_it_says(string hex, ulong value)
    {
        var bytes = QuicVectors.Hex(hex);
        var reader = new WireReader(bytes);
        Assert.True(reader.TryReadVariable(out var read) && reader.IsAtEnd);
        Assert.Equal(value, read);
        reader = new WireReader(bytes.AsSpan(0, bytes.Length - 1));
        Assert.False(reader.TryReadVariable(out _));
    }

    [Fact]
    public void A_long_header_shows_both_connection_IDs()
    {
        Assert.True(QuicHeader.TryGetLongHeader(QuicVectors.ClientPacket1, out var version, out var destination, out var source));
        Assert.Equal((1u, "8394c8f03e515708", ""), (version, Convert.ToHexStringLower(destination), Convert.ToHexStringLower(source)));
        Assert.True(QuicHeader.TryGetLongHeader(QuicVectors.ServerPacket2, out version, out destination, out source));
        Assert.Equal((0x6B3343CFu, "", "f067a5502a4262b5"), (version, Convert.ToHexStringLower(destination), Convert.ToHexStringLower(source)));
    }

    [Fact]
    public void A_long_header_of_any_version_is_read_up_to_its_IDs()
    {
        byte[] header = [0x80, 0xFA, 0xCE, 0xB0, 0x0C, 2, 1, 2, 1, 3];
        Assert.True(QuicHeader.TryGetLongHeader(header, out var version, out _, out var source));
        Assert.Equal((0xFACEB00Cu, 1), (version, source.Length));
        for (var length = 0; length < header.Length; length++)
            Assert.False(QuicHeader.TryGetLongHeader(header.AsSpan(0, length), out _, out _, out _));
    }

    [Fact]
    public void A_connection_ID_has_20_bytes_at_most()
    {
        Assert.True(QuicHeader.TryGetLongHeader([0xC0, 0, 0, 0, 1, 20, .. new byte[20], 20, .. new byte[20]], out _, out _, out _));
        Assert.False(QuicHeader.TryGetLongHeader([0xC0, 0, 0, 0, 1, 21, .. new byte[21], 0], out _, out _, out _));
        Assert.False(QuicHeader.TryGetLongHeader([0xC0, 0, 0, 0, 1, 0, 21, .. new byte[21]], out _, out _, out _));
    }

    [Fact]
    public void A_flow_is_found_by_the_ID_that_its_server_chose()
    {
        QuicHeader.TryGetLongHeader(QuicVectors.ServerPacket1, out _, out _, out var chosen);
        var flows = new Dictionary<QuicConnectionId, string> { [new QuicConnectionId(chosen)] = "flow" };

        byte[] datagram = [0x41, .. chosen, .. new byte[30]];
        var bytes = QuicHeader.ShortHeaderBytes(datagram);
        Assert.Equal("flow", flows[new QuicConnectionId(bytes[..chosen.Length])]);
        Assert.False(flows.ContainsKey(new QuicConnectionId(bytes[..(chosen.Length - 1)])));
    }

    [Fact]
    public void What_a_short_header_may_hold_is_bounded()
    {
        Assert.Equal(20, QuicHeader.ShortHeaderBytes([0x40, .. new byte[30]]).Length);
        Assert.Equal([7, 8], QuicHeader.ShortHeaderBytes([0x40, 7, 8]).ToArray());
        Assert.True(QuicHeader.ShortHeaderBytes([0x40]).IsEmpty);
        Assert.True(QuicHeader.ShortHeaderBytes([]).IsEmpty);
        Assert.True(QuicHeader.ShortHeaderBytes(QuicVectors.ClientPacket1).IsEmpty);
    }

    [Fact]
    public void Connection_IDs_differ_by_bytes_and_by_length()
    {
        Assert.Equal(new QuicConnectionId([1, 2, 3]), new QuicConnectionId([1, 2, 3]));
        for (var at = 0; at < 20; at++)
        {
            var bytes = new byte[20];
            bytes[at] = 1;
            Assert.NotEqual(new QuicConnectionId(new byte[20]), new QuicConnectionId(bytes));
            Assert.NotEqual(new QuicConnectionId(new byte[20]), new QuicConnectionId(new byte[at]));
            Assert.Equal(at, new QuicConnectionId(new byte[at]).Length);
        }
    }
}
