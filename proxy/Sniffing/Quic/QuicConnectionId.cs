using System.Buffers.Binary;

namespace Everyport.Proxy.Sniffing.Quic;

/// <summary>A connection ID as a value that flows can be looked up by: at most 20 bytes (RFC 9000, section 17.2).</summary>
internal readonly record struct QuicConnectionId
{
    public const int MaxLength = 20;

    private readonly ulong _first, _second;
    private readonly uint _third;
    private readonly byte _length;

    /// <exception cref="ArgumentException">There are more than 20 bytes.</exception>
    public QuicConnectionId(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[MaxLength];
        bytes.CopyTo(padded);
        _first = BinaryPrimitives.ReadUInt64BigEndian(padded);
        _second = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
        _third = BinaryPrimitives.ReadUInt32BigEndian(padded[16..]);
        _length = (byte)bytes.Length;
    }

    /// <summary>How many bytes it has; it may have none.</summary>
    public int Length => _length;

    /// <summary>Differs from process to process: clients choose IDs, and must not choose which ones collide.</summary>
    public override int GetHashCode() => HashCode.Combine(_first, _second, _third, _length);
}
