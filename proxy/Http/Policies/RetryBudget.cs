namespace Everyport.Proxy.Http.Policies;

/// <summary>
/// Allows a share of requests to be sent again. Each request saves up its share, up to <see cref="Most"/> retries: so a
/// few failures are all made good, and where everything fails the load on destinations grows by no more than the
/// share. For any number of threads.
/// </summary>
internal sealed class RetryBudget(double share)
{
    /// <summary>Retries that can be saved up; as many are there at the start.</summary>
    public const int Most = 100;

    private const int Unit = 1000;
    private readonly int _share = (int)(share * Unit);
    private int _saved = Most * Unit;

    /// <summary>A request. In good times nothing is left to save, and nothing is written.</summary>
    public void Earn()
    {
        if (Volatile.Read(ref _saved) < Most * Unit)
            Interlocked.Add(ref _saved, _share);
    }

    /// <summary>A retry; false where it is one too many.</summary>
    public bool TrySpend()
    {
        for (var saved = Volatile.Read(ref _saved); saved >= Unit;)
        {
            var seen = Interlocked.CompareExchange(ref _saved, saved - Unit, saved);
            if (seen == saved)
                return true;
            saved = seen;
        }
        return false;
    }
}
