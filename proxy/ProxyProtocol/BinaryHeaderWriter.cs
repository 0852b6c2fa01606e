using System.Buffers.Binary;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>Writes version 2, always with a checksum. Where the families differ, the IPv4 address is written as v4-mapped.</summary>
internal static class BinaryHeaderWriter
{
    public static int Write(Span<byte> destination, in Steered steered, ReadOnlySpan<byte> authority, ReadOnlySpan<byte> alpn)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(authority.Length, ProxyHeaderWriter.MaxExtensionLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(alpn.Length, ProxyHeaderWriter.MaxExtensionLength);

        var isIPv6 = steered.Client.Address.IsIPv6 || steered.Original.Address.IsIPv6;
        BinaryHeader.Signature.CopyTo(destination);
        destination[BinaryHeader.CommandOffset] = BinaryHeader.Version << 4 | BinaryHeader.Proxy;
        destination[BinaryHeader.FamilyOffset] = isIPv6 ? BinaryHeader.TcpIPv6 : BinaryHeader.TcpIPv4;

        var at = BinaryHeader.FixedLength;
        at += WriteAddress(destination[at..], steered.Client.Address, isIPv6);
        at += WriteAddress(destination[at..], steered.Original.Address, isIPv6);
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], steered.Client.Port);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 2)..], steered.Original.Port);
        at += 4;

        // First, so that the checksum is still there when a damaged length cuts off the end.
        var checksum = at + BinaryHeader.ExtensionHeaderLength;
        at += WriteExtension(destination[at..], BinaryHeader.ChecksumType, [0, 0, 0, 0]);
        if (!authority.IsEmpty)
            at += WriteExtension(destination[at..], BinaryHeader.AuthorityType, authority);
        if (!alpn.IsEmpty)
            at += WriteExtension(destination[at..], BinaryHeader.AlpnType, alpn);

        BinaryPrimitives.WriteUInt16BigEndian(destination[BinaryHeader.LengthOffset..], (ushort)(at - BinaryHeader.FixedLength));
        BinaryPrimitives.WriteUInt32BigEndian(destination[checksum..], HeaderChecksum.Compute(destination[..at], checksum));
        return at;
    }

    public static int WriteLocal(Span<byte> destination)
    {
        BinaryHeader.Signature.CopyTo(destination);
        destination[BinaryHeader.CommandOffset] = BinaryHeader.Version << 4 | BinaryHeader.Local;
        destination[BinaryHeader.FamilyOffset] = BinaryHeader.Unspecified;
        BinaryPrimitives.WriteUInt16BigEndian(destination[BinaryHeader.LengthOffset..], 0);
        return BinaryHeader.FixedLength;
    }

    private static int WriteAddress(Span<byte> destination, Address address, bool asIPv6)
    {
        if (!asIPv6 || address.IsIPv6)
            return address.WriteBytes(destination);
        BinaryPrimitives.WriteUInt128BigEndian(destination, (UInt128)0xFFFF << 32 | address.Bits >> 96);
        return 16;
    }

    private static int WriteExtension(Span<byte> destination, byte type, ReadOnlySpan<byte> value)
    {
        destination[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)value.Length);
        value.CopyTo(destination[BinaryHeader.ExtensionHeaderLength..]);
        return BinaryHeader.ExtensionHeaderLength + value.Length;
    }
}
