using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads <c>Sni</c> and <c>Alpn</c> of the <c>Match</c> of a stream, and what is done with its TLS.</summary>
internal static class TlsMatchReader
{
    private const int LongestAlpn = 255;

    public static TlsMatch Read(SectionReader match) =>
        new(match.Values<ServerNamePattern>("Sni", ServerNamePattern.TryParse), match.Values<string>("Alpn", ParseAlpn));

    /// <summary>Reads the key <c>Tls</c> of a TCP stream: whether TLS ends here. That takes a certificate.</summary>
    public static bool ReadTerminates(SectionReader stream, bool hasCertificates)
    {
        var terminates = stream.Value("Tls", StreamTls.Passthrough, EnumNames.TryParse<StreamTls>) == StreamTls.Terminate;
        if (terminates && !hasCertificates)
            stream.Error("Tls", "is 'Terminate', but there is no certificate to show; add one to Tls:Certificates");
        return terminates;
    }

    private static bool ParseAlpn(string text, out string name, out string? error)
    {
        name = text;
        var good = text.Length is > 0 and <= LongestAlpn && text.All(c => c is > ' ' and <= '~');
        error = good ? null : $"'{text}' is not the name of a protocol such as 'h2' or 'http/1.1'";
        return good;
    }
}
