namespace Everyport.Proxy.Http.Policies;

/// <summary>The rate limits of one configuration by their names. Those that stay keep what they have counted.</summary>
internal sealed class RateLimiters : IDisposable
{
    private readonly Dictionary<string, RequestLimiter> _limiters;

    public RateLimiters(HttpPolicies policies, RateLimiters? before) =>
        _limiters = policies.RateLimits.ToDictionary(limit => limit.Key, limit => before?.Find(limit.Key, limit.Value, policies) ?? new RequestLimiter(limit.Value, policies));

    /// <summary>Null where there is none of this name.</summary>
    public RequestLimiter? this[string name] => _limiters.GetValueOrDefault(name);

    /// <summary>Those that <paramref name="next"/> has not taken over.</summary>
    public IEnumerable<IDisposable> NotIn(RateLimiters next) => _limiters.Values.Except(next._limiters.Values);

    public void Dispose()
    {
        foreach (var limiter in _limiters.Values)
            limiter.Dispose();
    }

    private RequestLimiter? Find(string name, RateLimit limit, HttpPolicies policies) =>
        this[name] is { } known && known.IsFor(limit, policies) ? known : null;
}
