using System.Buffers;

namespace Everyport.Proxy.Sniffing;

/// <summary>
/// Tells protocols apart by their first bytes. A protocol that only resembles HTTP (RTSP, SIP, FTP's <c>CWD /x</c>)
/// is not taken for it: the request line has to end as HTTP's does.
/// </summary>
internal static class ProtocolSniffer
{
    /// <summary>How many bytes are worth looking at: a request line of this length is taken for HTTP unfinished.</summary>
    public const int MaxLength = 4096;

    // Two less than are looked at: an empty line may come first, and the decision must not depend on that.
    private const int LongestLine = MaxLength - 2, LongestMethod = 32;
    private const byte TlsHandshake = 0x16, TlsMajorVersion = 0x03;

    private static readonly SearchValues<byte> MethodBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static ReadOnlySpan<byte> Http2Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Classifies what has arrived so far.</summary>
    public static SniffedProtocol Classify(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return SniffedProtocol.Unknown;

        if (data[0] == TlsHandshake)
            return data.Length == 1 ? SniffedProtocol.Unknown : data[1] == TlsMajorVersion ? SniffedProtocol.Tls : SniffedProtocol.Raw;

        var preface = Math.Min(data.Length, Http2Preface.Length);
        if (data[..preface].SequenceEqual(Http2Preface[..preface]))
            return preface == Http2Preface.Length ? SniffedProtocol.Http2 : SniffedProtocol.Unknown;

        return ClassifyRequestLine(data);
    }

    private static SniffedProtocol ClassifyRequestLine(ReadOnlySpan<byte> data)
    {
        // RFC 9112, 2.2: a server should ignore at least one empty line before the request line.
        if (data.StartsWith("\r\n"u8))
            data = data[2..];
        else if (data is [(byte)'\r'])
            return SniffedProtocol.Unknown;

        data = data[..Math.Min(data.Length, LongestLine)];
        var method = data.IndexOfAnyExcept(MethodBytes);
        if (method < 0)
            return data.Length <= LongestMethod ? SniffedProtocol.Unknown : SniffedProtocol.Raw;
        if (method is 0 or > LongestMethod || data[method] != ' ')
            return SniffedProtocol.Raw;

        var end = data.IndexOf((byte)'\n');
        if (end < 0)
            return data.Length < LongestLine ? SniffedProtocol.Unknown : data[method + 1] == '/' ? SniffedProtocol.Http1 : SniffedProtocol.Raw;

        var line = data[..end].TrimEnd((byte)'\r');
        return line.Length > "HTTP/1.1".Length && line[^9..^1].SequenceEqual(" HTTP/1."u8) ? SniffedProtocol.Http1 : SniffedProtocol.Raw;
    }
}
