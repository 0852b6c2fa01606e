using System.Collections.Frozen;
using Everyport.Proxy.Http.Policies;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// Completes YARP's endpoints with what Everyport knows of their routes: sources, the plan for failures, and policies, themselves and not
/// only their names. So a request keeps to those of the configuration that has routed it.
/// </summary>
internal sealed class RouteEndpoints(HttpConfiguration configuration, RoutePlans plans, RateLimiters limiters)
{
    private readonly FrozenDictionary<string, CorsPolicyMetadata> _cors =
        configuration.Policies.Cors.ToFrozenDictionary(policy => policy.Key, policy => new CorsPolicyMetadata(CorsPolicies.Of(policy.Value)));

    private readonly FrozenDictionary<string, RequestTimeoutPolicy> _timeouts =
        configuration.Policies.Timeouts.ToFrozenDictionary(policy => policy.Key, policy => new RequestTimeoutPolicy { Timeout = policy.Value });

    public RouteEndpoint Complete(RouteEndpoint endpoint)
    {
        var route = RouteOf(endpoint)!;
        // ASP.NET Core would look for the time-out by its name.
        var own = endpoint.Metadata.Where(item => item is not RequestTimeoutAttribute { PolicyName: not null });
        return new RouteEndpoint(endpoint.RequestDelegate!, endpoint.RoutePattern, endpoint.Order, new EndpointMetadataCollection([.. own, .. Of(route)]), endpoint.DisplayName);
    }

    /// <summary>
    /// The route that YARP has made an endpoint for. To ask the metadata for it by its type would begin a cache in each of thousands of
    /// endpoints, most of which no request may ever reach.
    /// </summary>
    public static RouteConfig? RouteOf(Endpoint endpoint)
    {
        foreach (var item in endpoint.Metadata)
        {
            if (item is RouteModel route)
                return route.Config;
        }
        return null;
    }

    private IEnumerable<object> Of(RouteConfig route)
    {
        yield return plans.Of(route);
        if (configuration.Matches.TryGetValue(route.RouteId, out var match) && match.Sources.Count > 0)
            yield return match;
        if (_cors.GetValueOrDefault(route.CorsPolicy ?? "") is { } cors)
            yield return cors;
        if (limiters[route.RateLimiterPolicy ?? ""] is { } limiter)
            yield return limiter;
        if (_timeouts.GetValueOrDefault(route.TimeoutPolicy ?? "") is { } timeout)
            yield return timeout;
    }
}
