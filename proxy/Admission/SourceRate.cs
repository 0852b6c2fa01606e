namespace Everyport.Proxy.Admission;

/// <summary>
/// A token bucket that is one number: the time at which it will be full again (the "virtual scheduling" form of the
/// generic cell rate algorithm, ITU-T I.371). Times are timestamps of the clock.
/// </summary>
internal sealed class SourceRate(int perSecond, int burst, long frequency)
{
    private readonly long _interval = Math.Max(1, frequency / perSecond);

    /// <summary>Takes one token; false, and nothing changes, where there is none.</summary>
    public bool TryTake(ref long fullAt, long now)
    {
        var next = Math.Max(fullAt, now) + _interval;
        if (next - now > burst * _interval)
            return false;
        fullAt = next;
        return true;
    }
}
