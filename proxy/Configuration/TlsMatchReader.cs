using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads <c>Sni</c> and <c>Alpn</c> of the <c>Match</c> of a stream.</summary>
internal static class TlsMatchReader
{
    private const int LongestAlpn = 255;

    public static TlsMatch Read(SectionReader match, Protocols protocol)
    {
        if (protocol != Protocols.Udp)
            return new TlsMatch(match.Values<ServerNamePattern>("Sni", ServerNamePattern.TryParse), match.Values<string>("Alpn", ParseAlpn));

        foreach (var key in (ReadOnlySpan<string>)["Sni", "Alpn"])
        {
            if (match.Has(key))
                match.Error(key, "is not supported for UDP by this version");
        }
        return TlsMatch.Any;
    }

    private static bool ParseAlpn(string text, out string name, out string? error)
    {
        name = text;
        var good = text.Length is > 0 and <= LongestAlpn && text.All(c => c is > ' ' and <= '~');
        error = good ? null : $"'{text}' is not the name of a protocol such as 'h2' or 'http/1.1'";
        return good;
    }
}
