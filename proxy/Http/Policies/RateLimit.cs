namespace Everyport.Proxy.Http.Policies;

/// <summary>A rate limit (<c>Policies:RateLimits</c>). Each of what <see cref="Per"/> names has a limit of its own.</summary>
internal sealed record RateLimit
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromSeconds(1);

    public RateLimitAlgorithm Algorithm { get; init; } = RateLimitAlgorithm.TokenBucket;

    /// <summary>Requests in each window; for <see cref="RateLimitAlgorithm.Concurrency"/>, at one time.</summary>
    public int Permits { get; init; } = 1;

    public TimeSpan Window { get; init; } = DefaultWindow;

    /// <summary>Requests that wait until there is room for them; those beyond are refused at once.</summary>
    public int Queue { get; init; }

    public RateLimitPer Per { get; init; } = RateLimitPer.Source;
}
