using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>Tells whether the headers and query parameters of two routes can be in one request.</summary>
internal static class RequestConditions
{
    private enum Kind
    {
        Exact,
        Prefix,
        Contains,
        Exists,
        NotContains,
        NotExists,
    }

    /// <summary>Whether no request matches both. A request with two values for one name does not count.</summary>
    public static bool ExcludeEachOther(RouteMatch a, RouteMatch b) =>
        HeadersOf(a).Any(one => HeadersOf(b).Any(other => Contradict(one, other)))
        || QueryOf(a).Any(one => QueryOf(b).Any(other => Contradict(one, other)));

    private static IEnumerable<Condition> HeadersOf(RouteMatch match) => (match.Headers ?? [])
        .Select(header => new Condition(header.Name, KindOf(header.Mode), header.Values ?? []));

    private static IEnumerable<Condition> QueryOf(RouteMatch match) => (match.QueryParameters ?? [])
        .Select(query => new Condition(query.Name, KindOf(query.Mode), query.Values ?? []));

    private static bool Contradict(Condition a, Condition b) =>
        a.Name.Equals(b.Name, StringComparison.OrdinalIgnoreCase) && (Forbids(a, b) || Forbids(b, a) || AskForDifferentValues(a, b));

    /// <summary>Whether one forbids all that the other asks for.</summary>
    private static bool Forbids(Condition a, Condition b) => a.Kind switch
    {
        Kind.NotExists => b.Kind is not Kind.NotExists and not Kind.NotContains,
        Kind.NotContains => b.Kind is Kind.Exact or Kind.Prefix or Kind.Contains && b.Values.All(value => a.Values.Any(part => value.Contains(part, StringComparison.OrdinalIgnoreCase))),
        _ => false,
    };

    private static bool AskForDifferentValues(Condition a, Condition b) =>
        a.Kind is Kind.Exact or Kind.Prefix && b.Kind is Kind.Exact or Kind.Prefix
        && !a.Values.Any(one => b.Values.Any(other => Begins(a.Kind, one, other) || Begins(b.Kind, other, one)));

    private static bool Begins(Kind kind, string beginning, string value) =>
        kind == Kind.Prefix ? value.StartsWith(beginning, StringComparison.OrdinalIgnoreCase) : value.Equals(beginning, StringComparison.OrdinalIgnoreCase);

    private static Kind KindOf(HeaderMatchMode mode) => mode switch
    {
        HeaderMatchMode.ExactHeader => Kind.Exact,
        HeaderMatchMode.HeaderPrefix => Kind.Prefix,
        HeaderMatchMode.Contains => Kind.Contains,
        HeaderMatchMode.NotContains => Kind.NotContains,
        HeaderMatchMode.NotExists => Kind.NotExists,
        _ => Kind.Exists,
    };

    private static Kind KindOf(QueryParameterMatchMode mode) => mode switch
    {
        QueryParameterMatchMode.Exact => Kind.Exact,
        QueryParameterMatchMode.Prefix => Kind.Prefix,
        QueryParameterMatchMode.Contains => Kind.Contains,
        QueryParameterMatchMode.NotContains => Kind.NotContains,
        _ => Kind.Exists,
    };

    private sealed record Condition(string Name, Kind Kind, IReadOnlyList<string> Values);
}
