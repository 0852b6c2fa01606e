using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads <c>Sni</c> and <c>Alpn</c> of the <c>Match</c> of a stream.</summary>
internal static class TlsMatchReader
{
    private const int LongestAlpn = 255;

    public static TlsMatch Read(SectionReader match) =>
        new(match.Values<ServerNamePattern>("Sni", ServerNamePattern.TryParse), match.Values<string>("Alpn", ParseAlpn));

    private static bool ParseAlpn(string text, out string name, out string? error)
    {
        name = text;
        var good = text.Length is > 0 and <= LongestAlpn && text.All(c => c is > ' ' and <= '~');
        error = good ? null : $"'{text}' is not the name of a protocol such as 'h2' or 'http/1.1'";
        return good;
    }
}
