namespace Everyport.Proxy.ProxyProtocol;

/// <summary>The words of version 1: one line, such as <c>PROXY TCP4 192.0.2.1 198.51.100.7 56324 443</c> (proxy-protocol.txt, section 2.1).</summary>
internal static class TextHeader
{
    /// <summary>The longest line, with its CR LF.</summary>
    public const int MaxLength = 107;

    public static ReadOnlySpan<byte> Start => "PROXY "u8;

    public static ReadOnlySpan<byte> IPv4 => "TCP4"u8;

    public static ReadOnlySpan<byte> IPv6 => "TCP6"u8;

    public static ReadOnlySpan<byte> Unknown => "UNKNOWN"u8;

    public static ReadOnlySpan<byte> End => "\r\n"u8;
}
