using System.Buffers.Binary;

namespace Everyport.Proxy.Sniffing;

/// <summary>
/// Reads the numbers and length-prefixed vectors of TLS (RFC 8446, section 3) and QUIC (RFC 9000, section 16), and never
/// beyond the end: what does not fit is refused.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _rest.Length;

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

    public bool TryReadUInt32(out uint value)
    {
        var good = TryRead(4, out var bytes);
        value = good ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : default;
        return good;
    }

    /// <summary>An integer of QUIC, whose first two bits say how many bytes it has: 1, 2, 4 or 8.</summary>
    public bool TryReadVariable(out ulong value)
    {
        value = default;
        if (_rest.IsEmpty || !TryRead(1 << (_rest[0] >> 6), out var bytes))
            return false;
        value = bytes[0] & 0x3Fu;
        foreach (var next in bytes[1..])
            value = value << 8 | next;
        return true;
    }

    /// <summary>As many bytes as a variable-length integer says.</summary>
    public bool TryReadVectorVariable(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return TryReadVariable(out var length) && length <= (ulong)_rest.Length && TryRead((int)length, out vector);
    }

    /// <summary>Passes over all bytes of this value that come next.</summary>
    public void Skip(byte value) => _rest = _rest.TrimStart(value);

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
