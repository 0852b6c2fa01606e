using System.Buffers.Binary;

namespace Everyport.Proxy.Tests.Http.Guard;

/// <summary>Writes frames of HTTP/2 (RFC 9113 4.1).</summary>
internal static class Frames
{
    public const byte Data = 0, Headers = 1, Priority = 2, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9, Unknown = 0xfa;

    public static byte[] Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    public static byte[] Of(byte type, byte flags = 0, int length = 0)
    {
        var frame = new byte[9 + length];
        BinaryPrimitives.WriteInt32BigEndian(frame, length << 8);
        (frame[3], frame[4], frame[8]) = (type, flags, 1);
        // What looks like the beginning of a frame inside of one is none.
        frame.AsSpan(9).Fill(Ping);
        return frame;
    }

    public static byte[] Times(this byte[] frame, int count) => [.. Enumerable.Repeat(frame, count).SelectMany(bytes => bytes)];
}
