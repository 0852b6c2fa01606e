using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Http.Policies;

/// <summary>A rate limit in operation, with what it has counted; metadata of the endpoints of all routes that name it.</summary>
internal sealed class RequestLimiter(RateLimit limit, HttpPolicies policies) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limiter =
        PartitionedRateLimiter.Create<HttpContext, RateLimitKey>(new RateLimitPartitions(limit, policies).PartitionOf);

    /// <summary>Whether it would be the same under another configuration.</summary>
    public bool IsFor(RateLimit other, HttpPolicies others) =>
        limit == other && (policies.SourcePrefixIPv4, policies.SourcePrefixIPv6) == (others.SourcePrefixIPv4, others.SourcePrefixIPv6);

    /// <summary>Waits in the queue where there is room; the caller disposes of what it gets when the request has ended.</summary>
    public ValueTask<RateLimitLease> AcquireAsync(HttpContext context) => _limiter.AcquireAsync(context, 1, context.RequestAborted);

    public void Dispose() => _limiter.Dispose();
}
