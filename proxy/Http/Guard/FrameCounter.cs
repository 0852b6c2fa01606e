using System.Buffers.Binary;

namespace Everyport.Proxy.Http.Guard;

/// <summary>
/// Reads what a client sends on an HTTP/2 connection from frame to frame (RFC 9113 4.1), and tells when there are more of a kind than is
/// allowed. It looks at the nine bytes that begin a frame and at nothing else; what they mean beyond that, and whether they are
/// valid, is for Kestrel to say.
/// </summary>
internal sealed class FrameCounter(FrameLimits limits, TimeProvider time)
{
    private const int HeaderLength = 9, PrefaceLength = 24;
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, PushPromise = 5, Ping = 6, WindowUpdate = 8, Continuation = 9;
    private const byte Acknowledges = 1, EndsStream = 1;

    private readonly byte[] _header = new byte[HeaderLength];
    private int _headerFilled;
    private long _untilNextFrame = PrefaceLength;
    private int _continuations;
    private FrameRate _resets, _pings, _settings, _empty;

    /// <summary>Looks at the next bytes. Returns the limit that they exceed, if any.</summary>
    public HttpLimit? Read(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var skipped = (int)Math.Min(_untilNextFrame, bytes.Length);
            _untilNextFrame -= skipped;
            bytes = bytes[skipped..];
            if (bytes.IsEmpty)
                return null;

            var taken = Math.Min(HeaderLength - _headerFilled, bytes.Length);
            scoped ReadOnlySpan<byte> header = bytes[..taken];
            if (taken < HeaderLength)
            {
                header.CopyTo(_header.AsSpan(_headerFilled));
                _headerFilled += taken;
                header = _header;
            }
            bytes = bytes[taken..];
            if (taken < HeaderLength && _headerFilled < HeaderLength)
                return null;
            _headerFilled = 0;

            var length = BinaryPrimitives.ReadUInt32BigEndian(header) >> 8;
            _untilNextFrame = length;
            if (Count(length, type: header[3], flags: header[4]) is { } exceeded)
                return exceeded;
        }
    }

    private HttpLimit? Count(uint length, byte type, byte flags)
    {
        switch (type)
        {
            case Data when length > 0 || (flags & EndsStream) != 0:
            case WindowUpdate or PushPromise:
            case Settings or Ping when (flags & Acknowledges) != 0:
                return null;
            case Headers:
                _continuations = 0;
                return null;
            case Continuation:
                return limits.MaxContinuations == 0 || ++_continuations <= limits.MaxContinuations ? null : HttpLimit.Continuations;
            case Reset:
                return _resets.TryAdd(Second, limits.ResetsPerSecond) ? null : HttpLimit.Resets;
            case Ping:
                return _pings.TryAdd(Second, limits.PingsPerSecond) ? null : HttpLimit.Pings;
            case Settings:
                return _settings.TryAdd(Second, limits.SettingsPerSecond) ? null : HttpLimit.Settings;
            default:
                return _empty.TryAdd(Second, limits.EmptyFramesPerSecond) ? null : HttpLimit.EmptyFrames;
        }
    }

    private long Second => time.GetTimestamp() / time.TimestampFrequency;
}
