using System.Collections.Frozen;
using Everyport.Proxy.Admission;

namespace Everyport.Proxy.Http.Policies;

/// <summary>The section <c>Policies</c>: what routes name to have it done for their requests.</summary>
internal sealed record HttpPolicies
{
    public static HttpPolicies None { get; } = new();

    public FrozenDictionary<string, RateLimit> RateLimits { get; init; } = FrozenDictionary<string, RateLimit>.Empty;

    public FrozenDictionary<string, CorsRules> Cors { get; init; } = FrozenDictionary<string, CorsRules>.Empty;

    /// <summary>How long a request may take, from its head to the end of its answer.</summary>
    public FrozenDictionary<string, TimeSpan> Timeouts { get; init; } = FrozenDictionary<string, TimeSpan>.Empty;

    public FrozenDictionary<string, RetryRules> Retries { get; init; } = FrozenDictionary<string, RetryRules>.Empty;

    /// <summary>The bits that tell sources apart, as for connections.</summary>
    public int SourcePrefixIPv4 { get; init; } = SourceLimitSettings.OneIPv4Address;

    /// <summary>The bits that tell sources apart, as for connections.</summary>
    public int SourcePrefixIPv6 { get; init; } = SourceLimitSettings.OneIPv6Network;
}
