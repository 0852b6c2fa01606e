using System.Collections;
using System.Numerics;

namespace Everyport.Proxy.Sniffing.Quic;

/// <summary>
/// Puts a ClientHello together from CRYPTO frames (RFC 9000, section 19.6), which come in any order, with gaps, and
/// more than once. It takes as much memory as the furthest byte asks for, and no more than the longest hello that is read.
/// </summary>
internal sealed class QuicHello
{
    private const int SmallestBuffer = 2048;

    private readonly BitArray _arrived = new(0);
    private byte[] _bytes = [];
    private int _inOrder;

    /// <summary>False where the bytes lie beyond the longest hello, or differ from those that came before.</summary>
    public bool TryAdd(ulong offset, ReadOnlySpan<byte> data)
    {
        if (offset > ClientHelloMessage.MaxLength || data.Length > ClientHelloMessage.MaxLength - (int)offset)
            return false;

        var start = (int)offset;
        MakeRoom(start + data.Length);
        for (var i = 0; i < data.Length; i++)
        {
            if (_arrived[start + i] && _bytes[start + i] != data[i])
                return false;
            _arrived[start + i] = true;
            _bytes[start + i] = data[i];
        }
        while (_inOrder < _bytes.Length && _arrived[_inOrder])
            _inOrder++;
        return true;
    }

    /// <summary>Reads what has arrived without a gap.</summary>
    public ClientHelloStatus Read(out ClientHello? hello)
    {
        hello = null;
        var status = ClientHelloMessage.Measure(_bytes, _inOrder, out var length);
        return status == ClientHelloStatus.Complete ? ClientHelloMessage.Parse(_bytes.AsSpan(0, length), out hello) : status;
    }

    private void MakeRoom(int length)
    {
        if (length <= _bytes.Length)
            return;
        var capacity = Math.Min((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, SmallestBuffer)), ClientHelloMessage.MaxLength);
        Array.Resize(ref _bytes, capacity);
        _arrived.Length = capacity;
    }
}
