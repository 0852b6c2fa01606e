using System.Buffers.Binary;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>Reads version 2. Each byte of the fixed part is judged as soon as it has arrived.</summary>
internal static class BinaryHeaderReader
{
    public static ProxyHeader Read(ReadOnlySpan<byte> data)
    {
        var error = CheckFixedPart(data);
        if (error != ProxyHeaderError.None)
            return ProxyHeader.Malformed(error);
        if (data.Length < BinaryHeader.FixedLength)
            return ProxyHeader.NeedMore;
        var length = LengthOf(data);
        return data.Length < length ? ProxyHeader.NeedMore : ReadWhole(data[..length]);
    }

    private static ProxyHeader ReadWhole(ReadOnlySpan<byte> header)
    {
        var family = header[BinaryHeader.FamilyOffset];
        var addressesLength = BinaryHeader.AddressesLength(family);
        var addresses = header[BinaryHeader.FixedLength..];

        if (IsLocal(header))
        {
            // What follows is to be discarded, whatever it is. But a damaged header of a client must not turn into one of these.
            return addresses.Length >= addressesLength && BinaryExtensions.Read(header, addressesLength).Error == ProxyHeaderError.Checksum
                ? ProxyHeader.Malformed(ProxyHeaderError.Checksum)
                : ProxyHeader.Complete(header.Length, null);
        }

        var extensions = BinaryExtensions.Read(header, addressesLength);
        if (extensions.Error != ProxyHeaderError.None)
            return ProxyHeader.Malformed(extensions.Error);
        return ProxyHeader.Complete(header.Length, ReadAddresses(addresses, family)) with { Authority = extensions.Authority, Alpn = extensions.Alpn };
    }

    private static ProxyHeaderError CheckFixedPart(ReadOnlySpan<byte> data)
    {
        var signature = BinaryHeader.Signature;
        var common = Math.Min(data.Length, signature.Length);
        if (!data[..common].SequenceEqual(signature[..common]))
            return ProxyHeaderError.NotAHeader;

        if (data.Length > BinaryHeader.CommandOffset)
        {
            if (data[BinaryHeader.CommandOffset] >> 4 != BinaryHeader.Version)
                return ProxyHeaderError.Version;
            if ((data[BinaryHeader.CommandOffset] & 0xF) > BinaryHeader.Proxy)
                return ProxyHeaderError.Command;
        }
        if (data.Length > BinaryHeader.FamilyOffset && !IsLocal(data))
        {
            var error = CheckFamily(data[BinaryHeader.FamilyOffset]);
            if (error != ProxyHeaderError.None)
                return error;
        }
        return data.Length < BinaryHeader.FixedLength ? ProxyHeaderError.None : CheckLength(data);
    }

    private static ProxyHeaderError CheckFamily(byte family) => family switch
    {
        BinaryHeader.Unspecified or BinaryHeader.TcpIPv4 or BinaryHeader.TcpIPv6 or BinaryHeader.UnixStream => ProxyHeaderError.None,
        BinaryHeader.UdpIPv4 or BinaryHeader.UdpIPv6 or BinaryHeader.UnixDatagram => ProxyHeaderError.Transport,
        _ => ProxyHeaderError.Family,
    };

    private static ProxyHeaderError CheckLength(ReadOnlySpan<byte> data)
    {
        var length = LengthOf(data);
        if (length > ProxyHeaderReader.MaxLength)
            return ProxyHeaderError.TooLong;
        var tooShort = !IsLocal(data) && length < BinaryHeader.FixedLength + BinaryHeader.AddressesLength(data[BinaryHeader.FamilyOffset]);
        return tooShort ? ProxyHeaderError.TooShort : ProxyHeaderError.None;
    }

    private static Steered? ReadAddresses(ReadOnlySpan<byte> block, byte family)
    {
        if (family is not (BinaryHeader.TcpIPv4 or BinaryHeader.TcpIPv6))
            return null;
        var width = family == BinaryHeader.TcpIPv4 ? 4 : 16;
        var ports = block[(2 * width)..];
        return new Steered(
            new Endpoint(Address.FromBytes(block[..width]), BinaryPrimitives.ReadUInt16BigEndian(ports)),
            new Endpoint(Address.FromBytes(block[width..(2 * width)]), BinaryPrimitives.ReadUInt16BigEndian(ports[2..])));
    }

    private static bool IsLocal(ReadOnlySpan<byte> data) => (data[BinaryHeader.CommandOffset] & 0xF) == BinaryHeader.Local;

    private static int LengthOf(ReadOnlySpan<byte> data) =>
        BinaryHeader.FixedLength + BinaryPrimitives.ReadUInt16BigEndian(data[BinaryHeader.LengthOffset..]);
}
