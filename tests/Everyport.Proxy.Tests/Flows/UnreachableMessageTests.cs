using Everyport.Proxy.Flows;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>The ICMP message that ends a flow for its client, byte by byte.</summary>
public class UnreachableMessageTests
{
    [Fact]
    public void Over_IPv4_it_comes_from_the_original_destination_and_quotes_the_datagram()
    {
        // Checksums computed by another program as RFC 1071 says.
        var expected = Convert.FromHexString(
            "4500003800000000" + "4001" + "1453" + "C6336435" + "CB007109"
            + "0303" + "607F" + "00000000"
            + "4500001C00000000" + "4011" + "145F" + "CB007109" + "C6336435"
            + "9C40" + "0035" + "0008" + "0000");
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(Write("203.0.113.9:40000", "198.51.100.53:53")));
    }

    [Theory]
    [InlineData("203.0.113.9:40000", "198.51.100.53:53", 20)]
    [InlineData("[2001:db8::9]:40000", "[2001:db8:7::53]:53", 40)]
    [InlineData("[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe]:65535", 40)]
    public void The_receiver_finds_its_checksum_right(string client, string original, int ipHeader)
    {
        var packet = Write(client, original);
        var icmp = packet[ipHeader..];
        // Over IPv6 the addresses, the length and the protocol count.
        var pseudo = ipHeader == 20 ? [] : (byte[])[.. packet[8..40], 0, 0, 0, (byte)icmp.Length, 0, 0, 0, 58];
        Assert.Equal(0xFFFF, Sum([.. pseudo, .. icmp]));
        if (ipHeader == 20)
            Assert.Equal(0xFFFF, Sum(packet[..20]));
    }

    [Fact]
    public void Over_IPv6_it_says_the_same()
    {
        var packet = Write("[2001:db8::9]:40000", "[2001:db8:7::53]:53");
        Assert.Equal(40 + 8 + 40 + 8, packet.Length);
        Assert.Equal("6000000000383A40", Convert.ToHexString(packet[..8]));
        Assert.Equal("20010DB8000700000000000000000053" + "20010DB8000000000000000000000009", Convert.ToHexString(packet[8..40]));
        Assert.Equal("0104", Convert.ToHexString(packet[40..42]));
        Assert.Equal("6000000000081140", Convert.ToHexString(packet[48..56]));
        Assert.Equal("20010DB8000000000000000000000009" + "20010DB8000700000000000000000053", Convert.ToHexString(packet[56..88]));
        Assert.Equal("9C40003500080000", Convert.ToHexString(packet[88..]));
    }

    private static byte[] Write(string client, string original)
    {
        var packet = new byte[UnreachableMessage.MaxSize];
        packet.AsSpan().Fill(0xAA);
        return packet[..UnreachableMessage.Write(packet, new FlowKey(To(client), To(original)))];
    }

    private static int Sum(byte[] bytes)
    {
        var sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += bytes[i] << 8 | bytes[i + 1];
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return sum;
    }
}
