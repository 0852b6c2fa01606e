using System.Buffers.Binary;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>
/// The ICMP message that a machine without a server sends: port unreachable (RFC 792; RFC 4443, section 3.1), from the
/// original destination to the client, about the datagram of a flow. Whole IP packets.
/// </summary>
internal static class UnreachableMessage
{
    /// <summary>The size of the larger one.</summary>
    public const int MaxSize = 2 * IPv6Header + IcmpHeader + UdpHeader;

    private const int IPv4Header = 20, IPv6Header = 40, IcmpHeader = 8, UdpHeader = 8;
    private const byte Icmp = 1, Udp = 17, Icmpv6 = 58, HopLimit = 64;

    /// <summary>Writes the packet and returns its size.</summary>
    public static int Write(Span<byte> packet, FlowKey flow)
    {
        packet = packet[..(flow.Original.Address.IsIPv6 ? MaxSize : 2 * IPv4Header + IcmpHeader + UdpHeader)];
        packet.Clear();
        if (flow.Original.Address.IsIPv6)
            WriteIPv6(packet, flow);
        else
            WriteIPv4(packet, flow);
        return packet.Length;
    }

    private static void WriteIPv4(Span<byte> packet, FlowKey flow)
    {
        const byte Unreachable = 3, Port = 3;
        WriteIPv4Header(packet, Icmp, flow.Original, flow.Client);
        var icmp = packet[IPv4Header..];
        (icmp[0], icmp[1]) = (Unreachable, Port);
        WriteIPv4Header(icmp[IcmpHeader..], Udp, flow.Client, flow.Original);
        WriteUdpHeader(icmp[(IcmpHeader + IPv4Header)..], flow);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], Checksum(0, icmp));
    }

    private static void WriteIPv6(Span<byte> packet, FlowKey flow)
    {
        const byte Unreachable = 1, Port = 4;
        WriteIPv6Header(packet, Icmpv6, flow.Original, flow.Client);
        var icmp = packet[IPv6Header..];
        (icmp[0], icmp[1]) = (Unreachable, Port);
        WriteIPv6Header(icmp[IcmpHeader..], Udp, flow.Client, flow.Original);
        WriteUdpHeader(icmp[(IcmpHeader + IPv6Header)..], flow);
        // Both addresses, the length and the protocol are part of the sum (RFC 8200, section 8.1).
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], Checksum(Sum((uint)icmp.Length + Icmpv6, packet[8..IPv6Header]), icmp));
    }

    private static void WriteIPv4Header(Span<byte> packet, byte protocol, Endpoint from, Endpoint to)
    {
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        (packet[8], packet[9]) = (HopLimit, protocol);
        from.Address.WriteBytes(packet[12..]);
        to.Address.WriteBytes(packet[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Checksum(0, packet[..IPv4Header]));
    }

    private static void WriteIPv6Header(Span<byte> packet, byte protocol, Endpoint from, Endpoint to)
    {
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - IPv6Header));
        (packet[6], packet[7]) = (protocol, HopLimit);
        from.Address.WriteBytes(packet[8..]);
        to.Address.WriteBytes(packet[24..]);
    }

    private static void WriteUdpHeader(Span<byte> header, FlowKey flow)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, flow.Client.Port);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], flow.Original.Port);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], UdpHeader);
    }

    /// <summary>The checksum of the Internet (RFC 1071), of an even number of bytes.</summary>
    private static ushort Checksum(uint sum, ReadOnlySpan<byte> bytes)
    {
        sum = Sum(sum, bytes);
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }

    private static uint Sum(uint sum, ReadOnlySpan<byte> bytes)
    {
        for (; !bytes.IsEmpty; bytes = bytes[2..])
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return sum;
    }
}
