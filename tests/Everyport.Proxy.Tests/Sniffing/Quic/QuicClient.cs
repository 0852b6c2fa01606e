using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Everyport.Proxy.Tests.Sniffing.Quic;

/// <summary>
/// Writes packets as a client does, good ones and others; nothing of it is shared with the code under test. The keys
/// follow from <paramref name="keyId"/>, which is the destination of the packets unless another one is given.
/// </summary>
internal sealed class QuicClient(uint version, byte[] keyId, byte[]? destinationId = null)
{
    public const uint Version1 = 1, Version2 = 0x6B3343CF;
    public const int Initial = 0, ZeroRtt = 1, Handshake = 2;

    private readonly byte[] _secret = Expand(
        HKDF.Extract(HashAlgorithmName.SHA256, keyId, Convert.FromHexString(version == Version2 ? "0dede3def700a6db819381be6e269dcbf9bd2ed9" : "38762cf7f55934b34d179ae6a4c80cadccbb7f0a")),
        "client in", 32);

    public static QuicClient Of(uint version = Version1) => new(version, [1, 2, 3, 4, 5, 6, 7, 8]);

    /// <summary>A datagram with one Initial packet.</summary>
    public byte[] Datagram(byte[] frames) => Packet(frames, length: 1200);

    /// <summary>A datagram with an Initial packet for each of these; the last one is padded.</summary>
    public byte[] Datagram(params IEnumerable<byte[]> packets)
    {
        byte[][] all = [.. packets];
        byte[] first = [.. all[..^1].SelectMany(frames => Packet(frames))];
        return [.. first, .. Packet(all[^1], length: 1200 - first.Length)];
    }

    /// <summary>A protected packet, with padding up to the length where it is shorter.</summary>
    public byte[] Packet(byte[] frames, int length = 0, uint number = 0, int numberLength = 1, byte[]? token = null, byte[]? sourceId = null, bool fixedBit = true)
    {
        var head = Header(Initial, numberLength - 1, sourceId ?? [9, 9, 9], fixedBit);
        byte[] beforeLength = [.. head, .. Integer(token?.Length ?? 0), .. token ?? []];
        // The sample that header protection takes begins four bytes after the number does.
        var content = Math.Max(Math.Max(frames.Length, 4 - numberLength), length - beforeLength.Length - 2 - numberLength - 16);
        var rest = numberLength + content + 16;
        byte[] header = [.. beforeLength, .. Integer(rest, rest < 16384 ? 2 : 4), .. BigEndian(number)[^numberLength..]];
        return Protect(header, numberLength, [.. frames, .. new byte[content - frames.Length]]);
    }

    /// <summary>A packet of another type, whose content cannot be read.</summary>
    public byte[] Sealed(int type, int length = 50) => [.. Header(type, 0, [9, 9, 9]), .. Integer(length), .. Enumerable.Repeat((byte)0x5A, length)];

    public static byte[] Crypto(int offset, byte[] data) => [6, .. Integer(offset), .. Integer(data.Length), .. data];

    /// <summary>A variable-length integer, in as many bytes as it takes or as are asked for.</summary>
    public static byte[] Integer(long value, int length = 0)
    {
        length = length > 0 ? length : value < 64 ? 1 : value < 16384 ? 2 : value < 1 << 30 ? 4 : 8;
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        bytes = bytes[^length..];
        bytes[0] |= (byte)(int.Log2(length) << 6);
        return bytes;
    }

    private byte[] Header(int type, int low, byte[] sourceId, bool fixedBit = true)
    {
        var destination = destinationId ?? keyId;
        var first = 0x80 | (fixedBit ? 0x40 : 0) | ((type + (version == Version2 ? 1 : 0)) & 3) << 4 | low;
        return [(byte)first, .. BigEndian(version), (byte)destination.Length, .. destination, (byte)sourceId.Length, .. sourceId];
    }

    private byte[] Protect(byte[] header, int numberLength, byte[] content)
    {
        var label = version == Version2 ? "quicv2 " : "quic ";
        var nonce = Expand(_secret, label + "iv", 12);
        for (var i = 1; i <= numberLength; i++)
            nonce[^i] ^= header[^i];
        var (cipher, tag) = (new byte[content.Length], new byte[16]);
        using var gcm = new AesGcm(Expand(_secret, label + "key", 16), 16);
        gcm.Encrypt(nonce, content, cipher, tag, header);

        byte[] packet = [.. header, .. cipher, .. tag];
        var numberAt = header.Length - numberLength;
        using var aes = Aes.Create();
        aes.Key = Expand(_secret, label + "hp", 16);
        var mask = aes.EncryptEcb(packet[(numberAt + 4)..(numberAt + 20)], PaddingMode.None);
        packet[0] ^= (byte)(mask[0] & 0x0F);
        for (var i = 0; i < numberLength; i++)
            packet[numberAt + i] ^= mask[1 + i];
        return packet;
    }

    private static byte[] Expand(byte[] secret, string label, int length) =>
        HKDF.Expand(HashAlgorithmName.SHA256, secret, length, [0, (byte)length, (byte)(6 + label.Length), .. Encoding.ASCII.GetBytes("tls13 " + label), 0]);

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
