using System.Threading.RateLimiting;
using Everyport.Steering.Rules;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace Everyport.Proxy.Http.Policies;

/// <summary>
/// Finds the limit that counts a request. Memory is bounded: a limit is forgotten about ten seconds after it is whole again,
/// and as long as <see cref="MostPartitions"/> are in use, all share <see cref="SharedPartitions"/>.
/// </summary>
internal sealed class RateLimitPartitions(RateLimit limit, HttpPolicies policies)
{
    /// <summary>Of one policy; some hundred bytes each.</summary>
    public const int MostPartitions = 65_536;

    public const int SharedPartitions = 1024;

    private const int LongestHost = 255, SegmentsPerWindow = 8;
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(100);

    private readonly PartitionCount _count = new();

    /// <summary>Limits in use.</summary>
    public int Count => _count.Value;

    public RateLimitPartition<RateLimitKey> PartitionOf(HttpContext context) =>
        RateLimitPartition.Get(Bounded(KeyOf(context)), NewLimiter);

    private RateLimitKey KeyOf(HttpContext context) => limit.Per switch
    {
        RateLimitPer.Route => new(default, context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId, 0),
        RateLimitPer.Host => new(default, HostOf(context), 0),
        _ => new(SourceOf(context), null, 0),
    };

    /// <summary>Names of hosts are not told apart by case; what is longer than any name is not kept.</summary>
    private static string HostOf(HttpContext context) =>
        context.Request.Host.Host is { Length: <= LongestHost } host ? host.ToLowerInvariant() : "";

    private Address SourceOf(HttpContext context)
    {
        var client = OriginalDestination.WithClient(context).Client.Address;
        return new Prefix(client, client.IsIPv6 ? policies.SourcePrefixIPv6 : policies.SourcePrefixIPv4).Address;
    }

    private RateLimitKey Bounded(RateLimitKey key) =>
        Count < MostPartitions ? key : new(default, null, 1 + (int)((uint)key.GetHashCode() % SharedPartitions));

    private CountedLimiter NewLimiter(RateLimitKey key) => new(limit.Algorithm switch
    {
        RateLimitAlgorithm.FixedWindow => new FixedWindowRateLimiter(new()
        {
            PermitLimit = limit.Permits,
            Window = limit.Window,
            QueueLimit = limit.Queue,
            AutoReplenishment = false,
        }),
        RateLimitAlgorithm.SlidingWindow => new SlidingWindowRateLimiter(new()
        {
            PermitLimit = limit.Permits,
            Window = limit.Window,
            SegmentsPerWindow = SegmentsPerWindow,
            QueueLimit = limit.Queue,
            AutoReplenishment = false,
        }),
        RateLimitAlgorithm.Concurrency => new ConcurrencyLimiter(new() { PermitLimit = limit.Permits, QueueLimit = limit.Queue }),
        _ => new TokenBucketRateLimiter(TokenBucket()),
    }, _count);

    /// <summary>Tokens come back evenly, in steps that are not shorter than the timer that adds them.</summary>
    private TokenBucketRateLimiterOptions TokenBucket()
    {
        var steps = Math.Clamp((int)Math.Min(limit.Window / ShortestStep, limit.Permits), 1, limit.Permits);
        var tokens = (int)Math.Ceiling((double)limit.Permits / steps);
        return new()
        {
            TokenLimit = limit.Permits,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = limit.Window * ((double)tokens / limit.Permits),
            QueueLimit = limit.Queue,
            AutoReplenishment = false,
        };
    }
}
