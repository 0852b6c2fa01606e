using System.Buffers.Binary;
using System.Numerics;

namespace Everyport.Proxy.ProxyProtocol;

/// <summary>The CRC32c of a binary header (RFC 9260, appendix A), in which its own field counts as zero.</summary>
internal static class HeaderChecksum
{
    public static uint Compute(ReadOnlySpan<byte> header, int field)
    {
        var crc = Append(uint.MaxValue, header[..field]);
        crc = BitOperations.Crc32C(crc, 0u);
        return ~Append(crc, header[(field + BinaryHeader.ChecksumLength)..]);
    }

    private static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var b in data)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
