namespace Everyport.Proxy.Metrics;

/// <summary>Keeps the log readable where the same thing can happen very often. For any number of threads.</summary>
internal sealed class OncePerSecond(TimeProvider time)
{
    private const long Never = long.MinValue;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long _last = Never;

    /// <summary>True the first time, and then once a second at most.</summary>
    public bool IsDue()
    {
        var last = Volatile.Read(ref _last);
        return (last == Never || time.GetElapsedTime(last) >= Interval)
            && Interlocked.CompareExchange(ref _last, time.GetTimestamp(), last) == last;
    }
}
