using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>
/// A client of HTTP/2 that sends whatever frames a test wants, in whatever order (RFC 9113), and headers without compression (RFC 7541). Use it
/// inside the namespace.
/// </summary>
internal sealed class Http2Wire : IDisposable
{
    public const byte Data = 0, Headers = 1, Priority = 2, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    public const byte EndStream = 1, EndHeaders = 4;

    private const int HeaderLength = 9, AnyStatus = 8;

    private readonly Socket _socket;
    private readonly Stream _stream;

    private Http2Wire(Socket socket, Stream stream) => (_socket, _stream) = (socket, stream);

    /// <summary>A frame that has come in.</summary>
    public sealed record Frame(byte Type, byte Flags, int Stream, byte[] Payload)
    {
        /// <summary>The error of a RST_STREAM or GOAWAY.</summary>
        public int Error => BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(Payload.Length == 4 ? 0 : 4));
    }

    /// <summary>Connects, and sends the preface and empty settings.</summary>
    public static Http2Wire Connect(int port = SecurityScene.Plain, byte[]? settings = null)
    {
        var socket = TcpClients.Connect(SecurityScene.Address, port);
        var wire = new Http2Wire(socket, new NetworkStream(socket));
        wire.Send([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Make(Settings, 0, 0, settings ?? [])]);
        return wire;
    }

    public static byte[] Make(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeaderLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(HeaderLength));
        return frame;
    }

    /// <summary>A block of headers, each a literal without indexing and a new name.</summary>
    public static byte[] Block(params IEnumerable<(string Name, string Value)> headers)
    {
        using var block = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            block.WriteByte(0);
            Write(block, name);
            Write(block, value);
        }
        return block.ToArray();
    }

    /// <summary>The pseudo-headers of a plain GET.</summary>
    public static (string Name, string Value)[] Get(string path = "/", string authority = "a") =>
        [(":method", "GET"), (":scheme", "http"), (":path", path), (":authority", authority)];

    public static byte[] Request(int stream, params IEnumerable<(string Name, string Value)> headers) => Make(Headers, EndHeaders | EndStream, stream, Block(headers));

    public void Send(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    /// <summary>Sends until the other side has had enough. False where it never had.</summary>
    public bool TrySend(byte[] bytes, int times)
    {
        try
        {
            for (var i = 0; i < times; i++)
                _stream.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The next frame, or null at the end or the break of the connection.</summary>
    public Frame? Receive()
    {
        try
        {
            Span<byte> header = stackalloc byte[HeaderLength];
            _stream.ReadExactly(header);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header) >>> 8];
            _stream.ReadExactly(payload);
            return new Frame(header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header[5..]), payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Receives until a frame is what the test waits for; null where the connection ends before.</summary>
    public Frame? ReceiveUntil(Func<Frame, bool> condition)
    {
        while (Receive() is { } frame)
        {
            if (condition(frame))
                return frame;
        }
        return null;
    }

    /// <summary>How a request ended: its status, <c>reset</c>, <c>goaway</c>, or <c>break</c>.</summary>
    public string Outcome(int stream)
    {
        var frame = ReceiveUntil(frame => frame.Type == GoAway || (frame.Stream == stream && frame.Type is Headers or Reset));
        return frame?.Type switch
        {
            Headers => Status(frame.Payload),
            Reset => "reset",
            GoAway => "goaway",
            _ => "break",
        };
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    /// <summary>The status is the first header; it is in the static table, or a literal that names it.</summary>
    private static string Status(byte[] block)
    {
        var start = 0;
        while ((block[start] & 0xe0) == 0x20)
            start++; // the size of the table
        return block[start] switch
        {
            0x88 => "200",
            0x8c => "400",
            0x8d => "404",
            0x8e => "500",
            AnyStatus or 0x40 | AnyStatus => Encoding.ASCII.GetString(block, start + 2, 3),
            var other => $"unknown {other}",
        };
    }

    private static void Write(MemoryStream block, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        WriteLength(block, bytes.Length);
        block.Write(bytes);
    }

    /// <summary>An integer with a prefix of 7 bits (RFC 7541 5.1).</summary>
    private static void WriteLength(MemoryStream block, int length)
    {
        const int Prefix = 0x7f;
        if (length < Prefix)
        {
            block.WriteByte((byte)length);
            return;
        }
        block.WriteByte(Prefix);
        for (length -= Prefix; length >= 0x80; length >>= 7)
            block.WriteByte((byte)(length | 0x80));
        block.WriteByte((byte)length);
    }
}
