using System.Buffers.Binary;
using System.Text;

namespace Everyport.Proxy.Sniffing.Quic;

/// <summary>What the versions of QUIC that can be read differ in (RFC 9001, section 5; RFC 9369, section 3).</summary>
internal sealed class QuicVersion
{
    public static readonly QuicVersion One = new(0x0000_0001, "quic", 0,
        [0x38, 0x76, 0x2C, 0xF7, 0xF5, 0x59, 0x34, 0xB3, 0x4D, 0x17, 0x9A, 0xE6, 0xA4, 0xC8, 0x0C, 0xAD, 0xCC, 0xBB, 0x7F, 0x0A]);

    public static readonly QuicVersion Two = new(0x6B33_43CF, "quicv2", 1,
        [0x0D, 0xED, 0xE3, 0xDE, 0xF7, 0x00, 0xA6, 0xDB, 0x81, 0x93, 0x81, 0xBE, 0x6E, 0x26, 0x9D, 0xCB, 0xF9, 0xBD, 0x2E, 0xD9]);

    private readonly byte _initialType;

    private QuicVersion(uint number, string label, byte initialType, byte[] salt)
    {
        (Number, _initialType, Salt) = (number, initialType, salt);
        KeyInfo = ExpandInfo(label + " key", QuicInitialKeys.KeyLength);
        NonceInfo = ExpandInfo(label + " iv", QuicInitialKeys.NonceLength);
        HeaderKeyInfo = ExpandInfo(label + " hp", QuicInitialKeys.KeyLength);
    }

    /// <summary>As it stands in a long header.</summary>
    public uint Number { get; }

    /// <summary>What the secrets of Initial packets are extracted with.</summary>
    public byte[] Salt { get; }

    /// <summary>How the client's secret is expanded to the key of packets.</summary>
    public byte[] KeyInfo { get; }

    /// <summary>How it is expanded to the nonce that packet numbers are mixed into.</summary>
    public byte[] NonceInfo { get; }

    /// <summary>How it is expanded to the key of header protection.</summary>
    public byte[] HeaderKeyInfo { get; }

    /// <summary>How the client's secret is expanded from the initial one.</summary>
    public static byte[] ClientInfo { get; } = ExpandInfo("client in", QuicInitialKeys.SecretLength);

    /// <summary>The version of this number, or null where it cannot be read.</summary>
    public static QuicVersion? Find(uint number) => number == One.Number ? One : number == Two.Number ? Two : null;

    /// <summary>The type in the first byte of a long header. Version 2 counts from another one.</summary>
    public QuicPacketType TypeOf(byte first) => (QuicPacketType)(((first >> 4) - _initialType) & 3);

    /// <summary>The HkdfLabel of TLS with an empty context (RFC 8446, section 7.1).</summary>
    private static byte[] ExpandInfo(string label, int length)
    {
        var info = new byte[sizeof(ushort) + 1 + "tls13 ".Length + label.Length + 1];
        BinaryPrimitives.WriteUInt16BigEndian(info, (ushort)length);
        info[2] = (byte)("tls13 ".Length + label.Length);
        Encoding.ASCII.GetBytes("tls13 " + label, info.AsSpan(3));
        return info;
    }
}
