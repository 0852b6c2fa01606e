using System.Text;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// What programs make of a path that not all of them read in one way. Some take encoded slashes for separators, or
/// backslashes; some merge slashes that follow each other, resolve dot segments, before or after that, or cut off what
/// follows a semicolon (<c>/a/..;x/b</c>).
/// </summary>
internal static class PathReadings
{
    /// <summary>No honest path needs more, and each costs a search for its route.</summary>
    private const int MostReadings = 16;

    /// <summary>A segment that no client can write.</summary>
    private const string Above = "/ ";

    private static readonly Func<string, string>[] Steps =
    [
        ResolveDots,
        CutParameters,
        path => path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase),
        path => path.Replace("%5C", "\\", StringComparison.OrdinalIgnoreCase).Replace('\\', '/'),
        MergeSlashes,
        ResolveDots,
        MergeSlashes,
    ];

    /// <summary>
    /// Every reading of a path, decoded as the path that requests are routed by. Null where there are more than a path can
    /// have that is meant well.
    /// </summary>
    public static IReadOnlyCollection<string>? Of(string path) =>
        Encoded(path) is { } readings ? [.. readings.Select(Decode).Distinct(StringComparer.Ordinal)] : null;

    /// <summary>
    /// Whether no reading of a path leads above where it begins: only then may it follow another path, such as that of a
    /// destination, without leading out of it.
    /// </summary>
    /// <param name="path">Of a target as the client wrote it, and so without a space.</param>
    public static bool StayBelow(string path) =>
        Encoded(Above + path)?.All(reading => reading == Above || reading.StartsWith(Above, StringComparison.Ordinal) && reading[Above.Length] == '/') == true;

    private static HashSet<string>? Encoded(string path)
    {
        var readings = new HashSet<string>(StringComparer.Ordinal) { path };
        foreach (var step in Steps)
        {
            readings.UnionWith([.. readings.Select(step)]);
            if (readings.Count > MostReadings)
                return null;
        }
        return readings;
    }

    /// <summary>The one that Kestrel routes a path by: dot segments resolved, everything but the slash decoded.</summary>
    public static string OfKestrel(ReadOnlySpan<char> path) => ResolveDots(Decode(path.Length == 0 ? "/" : path.ToString()));

    /// <summary>An encoded slash stays what it is, as in ASP.NET Core.</summary>
    private static string Decode(string path)
    {
        if (!path.Contains('%', StringComparison.Ordinal))
            return path;
        var decoded = new StringBuilder(path.Length);
        var rest = path.AsSpan();
        for (var slash = IndexOfEncodedSlash(rest); slash >= 0; slash = IndexOfEncodedSlash(rest))
        {
            decoded.Append(Uri.UnescapeDataString(rest[..slash])).Append("%2F");
            rest = rest[(slash + 3)..];
        }
        return decoded.Append(Uri.UnescapeDataString(rest)).ToString();
    }

    private static int IndexOfEncodedSlash(ReadOnlySpan<char> text) => text.IndexOf("%2f", StringComparison.OrdinalIgnoreCase);

    private static string ResolveDots(string path)
    {
        if (!path.Contains("/.", StringComparison.Ordinal) && !path.Contains("%2e", StringComparison.OrdinalIgnoreCase))
            return path;
        var kept = new char[path.Length + 1];
        var length = 0;
        var rest = path.AsSpan(1);
        while (true)
        {
            var end = rest.IndexOf('/');
            var segment = end < 0 ? rest : rest[..end];
            var dots = DotsOf(segment);
            if (dots == 2)
                length = Math.Max(0, kept.AsSpan(0, length).LastIndexOf('/'));
            if (dots == 0 || end < 0)
            {
                kept[length++] = '/';
                if (dots == 0)
                {
                    segment.CopyTo(kept.AsSpan(length));
                    length += segment.Length;
                }
            }
            if (end < 0)
                return new string(kept, 0, length);
            rest = rest[(end + 1)..];
        }
    }

    /// <summary>1 for a segment that stands for its own directory, 2 for the one above it, 0 for all others.</summary>
    private static int DotsOf(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        while (segment.Length > 0 && dots < 3)
        {
            var isEncoded = segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase);
            if (!isEncoded && segment[0] != '.')
                return 0;
            segment = segment[(isEncoded ? 3 : 1)..];
            dots++;
        }
        return dots < 3 ? dots : 0;
    }

    private static string CutParameters(string path) => !path.Contains(';', StringComparison.Ordinal) ? path
        : string.Join('/', path.Split('/').Select(segment => segment.Split(';')[0]));

    private static string MergeSlashes(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
            path = path.Replace("//", "/", StringComparison.Ordinal);
        return path;
    }
}
