namespace Everyport.Proxy.Admission;

/// <summary>Counts what is open, up to a maximum: all connections, or those of one route. For any number of threads.</summary>
internal sealed class ConnectionLimit(int maximum)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Counts one more; false where that would be too many. Each that was let in has to <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        // Not "add, and take back where it was too many": what is taken back could refuse another meanwhile.
        for (var count = Count; count < maximum;)
        {
            var seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
                return true;
            count = seen;
        }
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);
}
