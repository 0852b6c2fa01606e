using System.Buffers.Binary;
using System.Text;

namespace Everyport.Proxy.Tests.Sniffing;

/// <summary>Writes ClientHellos, good ones and others.</summary>
internal static class Hello
{
    public const ushort ServerNameExtension = 0, AlpnExtension = 16, PaddingExtension = 21, GreaseExtension = 0x2A2A;

    /// <summary>A connection that begins with a hello in one record.</summary>
    public static byte[] Of(string? name, params string[] alpn) => Records(Body(ExtensionsOf(name, alpn)));

    public static byte[] ExtensionsOf(string? name, params string[] alpn) =>
        [.. name is null ? [] : Extension(ServerNameExtension, Names((0, Encoding.UTF8.GetBytes(name)))), .. alpn.Length == 0 ? [] : Extension(AlpnExtension, Protocols(alpn))];

    /// <summary>The body of a hello; null for one that ends before the extensions.</summary>
    public static byte[] Body(byte[]? extensions, int sessionId = 32, int ciphers = 16, ushort version = 0x0303) =>
        [.. UInt16(version), .. new byte[32], (byte)sessionId, .. new byte[sessionId], .. Vector16([.. Enumerable.Repeat((byte)0x0A, 2), .. new byte[ciphers]]), 1, 0, .. extensions is null ? [] : Vector16(extensions)];

    /// <summary>A body of exactly this length, made so by padding.</summary>
    public static byte[] BodyOf(int length, string name)
    {
        var bare = Body([.. ExtensionsOf(name), .. Extension(PaddingExtension, [])]).Length;
        return Body([.. Extension(PaddingExtension, new byte[length - bare]), .. ExtensionsOf(name)]);
    }

    public static byte[] Extension(int type, byte[] content) => [.. UInt16(type), .. Vector16(content)];

    public static byte[] Names(params (byte Type, byte[] Name)[] names) => Vector16([.. names.SelectMany(name => (byte[])[name.Type, .. Vector16(name.Name)])]);

    public static byte[] Protocols(params string[] protocols) => Vector16([.. protocols.SelectMany(protocol => (byte[])[(byte)protocol.Length, .. Encoding.Latin1.GetBytes(protocol)])]);

    /// <summary>The body as a handshake message.</summary>
    public static byte[] Message(byte[] body) => [1, (byte)(body.Length >> 16), .. UInt16(body.Length & 0xFFFF), .. body];

    /// <summary>The body as a handshake message, cut into records of these lengths; the last one takes the rest.</summary>
    public static byte[] Records(byte[] body, params IEnumerable<int> lengths)
    {
        var message = Message(body);
        var records = new List<byte>();
        var offset = 0;
        foreach (var length in lengths.TakeWhile(_ => offset < message.Length))
        {
            var end = Math.Min(message.Length, offset + length);
            records.AddRange(Record(message[offset..end]));
            offset = end;
        }
        while (offset < message.Length)
        {
            var end = Math.Min(message.Length, offset + 16384);
            records.AddRange(Record(message[offset..end]));
            offset = end;
        }
        return [.. records];
    }

    public static byte[] Record(byte[] content, byte type = 22, ushort version = 0x0301) => [type, .. UInt16(version), .. UInt16(content.Length), .. content];

    private static byte[] Vector16(byte[] content) => [.. UInt16(content.Length), .. content];

    private static byte[] UInt16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
