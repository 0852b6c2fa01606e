using System.Buffers;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// The request target as the client wrote it (RFC 9112 3.2), in its parts. Kestrel has decoded and cleaned what it
/// routes by; the origin sees this.
/// </summary>
internal readonly ref struct RequestTarget
{
    private static readonly SearchValues<char> EndOrSpecial = SearchValues.Create("?#%\\;");
    private static readonly SearchValues<string> Cleaned = SearchValues.Create(["//", "/."], StringComparison.Ordinal);
    private static readonly SearchValues<string> EncodedSeparators = SearchValues.Create(["%2f", "%5c", "%2e"], StringComparison.OrdinalIgnoreCase);

    private RequestTarget(ReadOnlySpan<char> path, ReadOnlySpan<char> query, bool isAbsolute, bool isAmbiguous)
    {
        Path = path;
        Query = query;
        IsAbsolute = isAbsolute;
        IsAmbiguous = isAmbiguous;
    }

    /// <summary>Up to the question mark; empty where a target in absolute form has none.</summary>
    public ReadOnlySpan<char> Path { get; }

    /// <summary>With its question mark; empty where there is none.</summary>
    public ReadOnlySpan<char> Query { get; }

    /// <summary>Whether it is a whole URL, as for a forward proxy.</summary>
    public bool IsAbsolute { get; }

    /// <summary>Whether the path holds anything that not all programs read in one way.</summary>
    public bool IsAmbiguous { get; }

    /// <summary>False where it is none that can be forwarded: <c>*</c>, an authority, another scheme, or one with a fragment.</summary>
    public static bool TryParse(ReadOnlySpan<char> raw, out RequestTarget target)
    {
        target = default;
        var isAbsolute = raw is not ['/', ..];
        if (isAbsolute && !TrySkipAuthority(ref raw))
            return false;

        var end = raw.IndexOfAny(EndOrSpecial);
        var hasSpecial = end >= 0 && raw[end] != '?';
        if (hasSpecial)
        {
            if (raw[end..].Contains('#'))
                return false;
            end = raw.IndexOf('?');
        }
        var path = end < 0 ? raw : raw[..end];
        var query = raw[path.Length..];
        if (query.Contains('#'))
            return false;
        target = new RequestTarget(path, query, isAbsolute, IsReadInSeveralWays(path, hasSpecial));
        return true;
    }

    /// <summary>What almost all targets pay: one search for special characters, one for what would be cleaned away.</summary>
    private static bool IsReadInSeveralWays(ReadOnlySpan<char> path, bool hasSpecial) =>
        path.ContainsAny(Cleaned) || hasSpecial && (path.ContainsAny('\\', ';') || path.ContainsAny(EncodedSeparators));

    private static bool TrySkipAuthority(ref ReadOnlySpan<char> raw)
    {
        var scheme = raw.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || !(raw[..scheme].Equals("http", StringComparison.OrdinalIgnoreCase) || raw[..scheme].Equals("https", StringComparison.OrdinalIgnoreCase)))
            return false;
        raw = raw[(scheme + 3)..];
        var end = raw.IndexOfAny('/', '?', '#');
        raw = end < 0 ? default : raw[end..];
        return true;
    }
}
