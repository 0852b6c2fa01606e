using System.Buffers.Binary;

namespace Everyport.Proxy.Sniffing;

/// <summary>
/// The handshake message in which a ClientHello comes (RFC 8446, section 4): its type, its length and the body. TLS carries
/// it in records, QUIC in CRYPTO frames.
/// </summary>
internal static class ClientHelloMessage
{
    /// <summary>As long a body as is read. The largest in use, with post-quantum key shares and Encrypted Client Hello, have about 2 KiB.</summary>
    public const int MaxBodyLength = 16 * 1024;

    public const int HeaderLength = 4, MaxLength = HeaderLength + MaxBodyLength;

    private const byte ClientHelloType = 1;

    /// <summary>
    /// Says whether a message is all there of which <paramref name="arrived"/> bytes have arrived. No more than the header is
    /// looked at. <paramref name="length"/> is that of the whole message, or 0 while its header is incomplete.
    /// </summary>
    public static ClientHelloStatus Measure(ReadOnlySpan<byte> beginning, int arrived, out int length)
    {
        length = 0;
        if (arrived > 0 && beginning[0] != ClientHelloType)
            return ClientHelloStatus.Malformed;
        if (arrived < HeaderLength)
            return ClientHelloStatus.Incomplete;
        length = HeaderLength + (beginning[1] << 16 | BinaryPrimitives.ReadUInt16BigEndian(beginning[2..]));
        return length > MaxLength ? ClientHelloStatus.Malformed : arrived < length ? ClientHelloStatus.Incomplete : ClientHelloStatus.Complete;
    }

    /// <summary>Reads a message that is all there.</summary>
    public static ClientHelloStatus Parse(ReadOnlySpan<byte> message, out ClientHello? hello) =>
        ClientHelloParser.TryParse(message[HeaderLength..], out hello) ? ClientHelloStatus.Complete : ClientHelloStatus.Malformed;
}
