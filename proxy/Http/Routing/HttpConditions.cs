using System.Text.RegularExpressions;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Http.Routing;

/// <summary>What a route asks of the request itself, as text that is equal where the same is asked.</summary>
internal static partial class HttpConditions
{
    private const string AnyPath = "{**}";

    /// <summary>Empty where every request is taken.</summary>
    public static string Of(RouteMatch match)
    {
        var (path, headers, query) = (PathOf(match), HeadersOf(match), QueryOf(match));
        return path == AnyPath && headers.Length + query.Length == 0 && match is { Hosts: null or { Count: 0 }, Methods: null or { Count: 0 } } ? ""
            : $"{path}\n{Sorted(match.Hosts).ToUpperInvariant()}\n{Sorted(match.Methods).ToUpperInvariant()}\n{headers}\n{query}";
    }

    public static bool AskForPath(RouteMatch match) => PathOf(match) != AnyPath;

    /// <summary>What a parameter is called says nothing about what matches; no path is the same as any.</summary>
    public static string PathOf(RouteMatch match)
    {
        var path = ParameterName().Replace((match.Path ?? AnyPath).Trim('/'), "{$1").ToUpperInvariant();
        return path == "{*}" ? AnyPath : path;
    }

    private static string HeadersOf(RouteMatch match) => match.Headers is null ? "" : string.Join('\n', match.Headers
        .Select(header => $"{header.Name.ToUpperInvariant()} {header.Mode} {header.IsCaseSensitive} {Sorted(header.Values)}")
        .Order(StringComparer.Ordinal));

    private static string QueryOf(RouteMatch match) => match.QueryParameters is null ? "" : string.Join('\n', match.QueryParameters
        .Select(query => $"{query.Name.ToUpperInvariant()} {query.Mode} {query.IsCaseSensitive} {Sorted(query.Values)}")
        .Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\{(\*{0,2})[^:?=}]*")]
    private static partial Regex ParameterName();

    private static string Sorted(IReadOnlyList<string>? values) => string.Join(',', (values ?? []).Order(StringComparer.Ordinal));
}
