using Everyport.Proxy.Http.Policies;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads an entry of <c>Policies:Cors</c>.</summary>
internal static class CorsReader
{
    public static CorsRules Read(SectionReader section)
    {
        var rules = new CorsRules
        {
            Origins = section.Values<string>("Origins", ParseOrigin),
            Methods = section.Values<string>("Methods", ParseToken),
            Headers = section.Values<string>("Headers", ParseToken),
            ExposedHeaders = section.Values<string>("ExposedHeaders", ParseToken),
            Credentials = section.Flag("Credentials", false),
            MaxAge = section.Has("MaxAge") ? section.Duration("MaxAge", TimeSpan.FromMinutes(1)) : null,
        };
        section.Require("Origins", "origins such as 'https://www.example.com', or '*' for all");
        // Browsers refuse it, as any page could act in the name of its visitors.
        if (rules.Credentials && rules.Origins.Contains(CorsRules.Any))
            section.Error("Credentials", "cannot be 'true' where Origins is '*'; name the origins that may act for their users");
        return rules;
    }

    private static bool ParseOrigin(string text, out string origin, out string? error)
    {
        origin = text.TrimEnd('/');
        var good = text == CorsRules.Any
            || (Uri.TryCreate(origin.Replace("://*.", "://any.", StringComparison.Ordinal), UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.UserInfo.Length == 0 && !uri.Host.Contains('*', StringComparison.Ordinal));
        error = good ? null : $"'{text}' is not an origin such as 'https://www.example.com' or 'https://*.example.com:8443', nor '*' for all";
        return good;
    }

    private static bool ParseToken(string text, out string token, out string? error)
    {
        token = text;
        var good = text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
        error = good ? null : $"'{text}' is not the name of a method or header, nor '*' for all";
        return good;
    }
}
