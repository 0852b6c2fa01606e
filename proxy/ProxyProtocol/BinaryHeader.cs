namespace Everyport.Proxy.ProxyProtocol;

/// <summary>
/// The layout of version 2 (proxy-protocol.txt, section 2.2): the signature, version and command, family and transport, the
/// length of what follows; then the addresses, and extensions of a type, a length and a value each.
/// </summary>
internal static class BinaryHeader
{
    /// <summary>What comes before the addresses.</summary>
    public const int FixedLength = 16;

    public const int CommandOffset = 12, FamilyOffset = 13, LengthOffset = 14;

    /// <summary>The upper half of the command byte.</summary>
    public const int Version = 2;

    /// <summary>The lower half of the command byte: a connection of the sender itself, or of its client.</summary>
    public const int Local = 0, Proxy = 1;

    /// <summary>Family and transport in one byte.</summary>
    public const byte Unspecified = 0x00, TcpIPv4 = 0x11, UdpIPv4 = 0x12, TcpIPv6 = 0x21, UdpIPv6 = 0x22, UnixStream = 0x31, UnixDatagram = 0x32;

    /// <summary>Two addresses and, for IP, two ports.</summary>
    public const int IPv4Length = 12, IPv6Length = 36, UnixLength = 216;

    public const byte AlpnType = 0x01, AuthorityType = 0x02, ChecksumType = 0x03;

    /// <summary>The type and the length of an extension.</summary>
    public const int ExtensionHeaderLength = 3;

    public const int ChecksumLength = 4;

    public static ReadOnlySpan<byte> Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    public static int AddressesLength(byte family) => family switch
    {
        TcpIPv4 => IPv4Length,
        TcpIPv6 => IPv6Length,
        UnixStream => UnixLength,
        _ => 0,
    };
}
