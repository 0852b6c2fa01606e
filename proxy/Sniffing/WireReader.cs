using System.Buffers.Binary;

namespace Everyport.Proxy.Sniffing;

/// <summary>
/// Reads the numbers and length-prefixed vectors of TLS (RFC 8446, section 3), and never beyond the end: what does not
/// fit is refused, and nothing is read.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool TryReadByte(out byte value)
    {
        var good = TryRead(1, out var bytes);
        value = good ? bytes[0] : default;
        return good;
    }

    public bool TryReadUInt16(out ushort value)
    {
        var good = TryRead(2, out var bytes);
        value = good ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;
        return good;
    }

    public bool TryRead(int length, out ReadOnlySpan<byte> bytes)
    {
        var good = length <= _rest.Length;
        bytes = good ? _rest[..length] : default;
        _rest = good ? _rest[length..] : _rest;
        return good;
    }

    /// <summary>A vector whose length is one byte.</summary>
    public bool TryReadVector8(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return TryReadByte(out var length) && TryRead(length, out vector);
    }

    /// <summary>A vector whose length is two bytes.</summary>
    public bool TryReadVector16(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return TryReadUInt16(out var length) && TryRead(length, out vector);
    }
}
