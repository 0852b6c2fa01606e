using System.Collections.Frozen;
using Everyport.Proxy.Http.Policies;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>Checks the names of policies in routes: they are those of the section <c>Policies</c>, or <c>Disable</c>.</summary>
internal static class PolicyReferences
{
    private const string Disable = "Disable";

    /// <summary>The route with the names as the section writes them: ASP.NET Core tells upper from lower case, the configuration does not.</summary>
    public static RouteConfig Resolve(RouteConfig route, HttpPolicies policies, SectionReader section)
    {
        if (route is { Timeout: not null, TimeoutPolicy.Length: > 0 })
            section.Error($"Routes:{route.RouteId}:TimeoutPolicy", "is there beside 'Timeout'; remove one of them");
        return route with
        {
            RateLimiterPolicy = Find(route.RateLimiterPolicy, "RateLimiterPolicy", policies.RateLimits, "RateLimits"),
            CorsPolicy = Find(route.CorsPolicy, "CorsPolicy", policies.Cors, "Cors"),
            TimeoutPolicy = Find(route.TimeoutPolicy, "TimeoutPolicy", policies.Timeouts, "Timeouts"),
        };

        string? Find<T>(string? name, string key, FrozenDictionary<string, T> known, string policySection)
        {
            if (string.IsNullOrEmpty(name) || name.Equals(Disable, StringComparison.OrdinalIgnoreCase))
                return name;
            if (known.Keys.FirstOrDefault(candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found)
                return found;
            section.Error($"Routes:{route.RouteId}:{key}", Unknown(name, known.Keys, policySection));
            return null;
        }
    }

    /// <summary>The route as YARP validates it, which would find fault with each policy, as it knows none.</summary>
    public static RouteConfig Without(RouteConfig route) => route with { RateLimiterPolicy = null, CorsPolicy = null, TimeoutPolicy = null };

    /// <summary>Reads <c>RetryPolicy</c>, which is not YARP's.</summary>
    public static RetryRules ReadRetries(SectionReader route, HttpPolicies policies)
    {
        if (route.Text("RetryPolicy") is not { Length: > 0 } name)
            return RetryRules.Default;
        if (name.Equals(Disable, StringComparison.OrdinalIgnoreCase))
            return RetryRules.Off;
        if (policies.Retries.TryGetValue(name, out var rules))
            return rules;
        route.Error("RetryPolicy", Unknown(name, policies.Retries.Keys, "Retries"));
        return RetryRules.Default;
    }

    private static string Unknown(string name, IReadOnlyCollection<string> known, string section) =>
        $"'{name}' is not a policy of Policies:{section}; {(known.Count == 0 ? "there is none, add it there" : NearestKey.Suggestion(name, [.. known, Disable]))}";
}
