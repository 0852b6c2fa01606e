using System.Buffers;
using System.Net;
using System.Text;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Explain;

/// <summary>Reads a question from texts, be they arguments of a command or of a URL.</summary>
internal static class QuestionParser
{
    /// <summary>Of a token (RFC 9110, section 5.6.2).</summary>
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The parts of a question, as somebody has written them; null is not given.</summary>
    internal sealed record Texts(string? Protocol, string? Destination)
    {
        public string? Source { get; init; }

        public string? Sni { get; init; }

        public IReadOnlyList<string> Alpn { get; init; } = [];

        public string? Host { get; init; }

        public string? Path { get; init; }

        public string? Method { get; init; }

        /// <summary>Each as <c>Name: value</c>.</summary>
        public IReadOnlyList<string> Headers { get; init; } = [];
    }

    /// <summary>The question, or in <paramref name="error"/> a sentence about what is wrong.</summary>
    public static bool TryParse(Texts texts, out Question? question, out string? error)
    {
        question = null;
        var protocol = texts.Protocol?.ToUpperInvariant() switch { "TCP" => Protocols.Tcp, "UDP" => Protocols.Udp, _ => Protocols.None };
        var source = default(Address);
        var name = texts.Sni is null ? null : HostName.Normalize(Encoding.UTF8.GetBytes(texts.Sni));
        error = protocol == Protocols.None ? $"'{texts.Protocol}' is not a protocol; expected 'tcp' or 'udp'."
            : !IPEndPoint.TryParse(texts.Destination ?? "", out var destination) || destination.Port == 0 ? $"'{texts.Destination}' is not a destination such as '198.51.100.7:443' or '[2001:db8::7]:443'."
            : texts.Source is not null && !Address.TryParse(texts.Source, out source) ? $"'{texts.Source}' is not an address of a client such as '203.0.113.9'."
            : texts.Source is not null && source.IsIPv6 != Address.From(destination.Address).IsIPv6 ? $"The client {source} cannot dial {destination}: one is IPv4, the other IPv6."
            : texts.Sni is not null && name is null ? $"'{texts.Sni}' is not a name that a TLS client could ask for."
            : texts.Headers.Select(ErrorOf).FirstOrDefault(wrong => wrong is not null);
        if (error is not null)
            return false;
        question = new Question(protocol, Endpoint.From(IPEndPoint.Parse(texts.Destination!)))
        {
            Source = texts.Source is null ? null : source,
            Sni = name,
            Alpn = texts.Alpn,
            Host = texts.Host,
            Path = texts.Path,
            Method = texts.Method,
            Headers = [.. texts.Headers.Select(Split)],
        };
        return true;
    }

    private static string? ErrorOf(string header) =>
        Split(header) is not ({ Length: > 0 } name, _) || name.AsSpan().ContainsAnyExcept(NameCharacters) ? $"'{header}' is not a header such as 'X-Version: 2'."
        : name.Equals("Host", StringComparison.OrdinalIgnoreCase) ? $"'{header}' is not taken as a header: the host of a request is asked for by itself."
        : null;

    /// <summary>No name where there is no colon.</summary>
    private static (string Name, string Value) Split(string header) =>
        header.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? (header[..colon].Trim(), header[(colon + 1)..].Trim()) : ("", "");
}
