namespace Everyport.Proxy.Streams;

/// <summary>How long a stream may last, in milliseconds.</summary>
/// <param name="IdleMilliseconds">Without a byte either way.</param>
/// <param name="LifetimeMilliseconds">In all.</param>
internal sealed record StreamLimits(long IdleMilliseconds, long LifetimeMilliseconds)
{
    /// <summary>No limit.</summary>
    public const long Never = long.MaxValue;

    /// <summary>From the settings of a route; null is no limit.</summary>
    public static StreamLimits From(TimeSpan? idle, TimeSpan? lifetime) => new(Milliseconds(idle), Milliseconds(lifetime));

    private static long Milliseconds(TimeSpan? time) => time is { } limit ? (long)limit.TotalMilliseconds : Never;
}
