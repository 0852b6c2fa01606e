namespace Everyport.Proxy.Sniffing.Quic;

/// <summary>Takes out of an Initial packet what belongs to the hello, and passes over the other frames (RFC 9000, section 19).</summary>
internal static class QuicInitialFrames
{
    private const byte Padding = 0x00, Ping = 0x01, Ack = 0x02, AckWithEcn = 0x03, Crypto = 0x06, ConnectionClose = 0x1C;

    /// <summary>False where there are no frames, or others than may be in an Initial packet (section 17.2.2), or the hello contradicts itself.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, QuicHello hello)
    {
        if (payload.IsEmpty)
            return false;
        for (var reader = new WireReader(payload); !reader.IsAtEnd;)
        {
            if (!reader.TryReadVariable(out var type) || !TryReadFrame(type, ref reader, hello))
                return false;
        }
        return true;
    }

    private static bool TryReadFrame(ulong type, ref WireReader reader, QuicHello hello)
    {
        switch (type)
        {
            case Padding:
                reader.Skip(Padding);
                return true;
            case Ping:
                return true;
            case Ack or AckWithEcn:
                return TrySkipAck(type == AckWithEcn, ref reader);
            case Crypto:
                return reader.TryReadVariable(out var offset) && reader.TryReadVectorVariable(out var data) && hello.TryAdd(offset, data);
            case ConnectionClose: // the error, the frame that caused it, and a reason in words
                return TrySkip(2, ref reader) && reader.TryReadVectorVariable(out _);
            default:
                return false;
        }
    }

    /// <summary>The largest number, the delay, how many ranges follow the first, then a gap and a length for each.</summary>
    private static bool TrySkipAck(bool withEcn, ref WireReader reader) =>
        TrySkip(2, ref reader) && reader.TryReadVariable(out var ranges) && ranges <= (ulong)reader.Remaining
        && TrySkip(1 + 2 * (int)ranges, ref reader) && (!withEcn || TrySkip(3, ref reader));

    private static bool TrySkip(int integers, ref WireReader reader)
    {
        while (integers > 0 && reader.TryReadVariable(out _))
            integers--;
        return integers == 0;
    }
}
