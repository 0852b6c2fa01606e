namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>What <see cref="Interlocked"/> lacks.</summary>
internal static class Adding
{
    public static void To(ref double sum, double value)
    {
        for (var before = Volatile.Read(ref sum); ;)
        {
            var seen = Interlocked.CompareExchange(ref sum, before + value, before);
            if (seen.Equals(before))
                return;
            before = seen;
        }
    }
}
