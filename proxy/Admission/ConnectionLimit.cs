using System.Runtime.CompilerServices;

namespace Everyport.Proxy.Admission;

/// <summary>Counts what is open, up to a maximum: all connections, or those of one route. For any number of threads.</summary>
internal sealed class ConnectionLimit
{
    private readonly int _maximum;
    private readonly StrongBox<int> _count;

    public ConnectionLimit(int maximum) : this(maximum, new StrongBox<int>())
    {
    }

    private ConnectionLimit(int maximum, StrongBox<int> count) => (_maximum, _count) = (maximum, count);

    public int Count => Volatile.Read(ref _count.Value);

    /// <summary>The same count under another maximum. Those who are too many by then may stay.</summary>
    public ConnectionLimit WithMaximum(int maximum) => new(maximum, _count);

    /// <summary>Counts one more; false where that would be too many. Each that was let in has to <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        // Not "add, and take back where it was too many": what is taken back could refuse another meanwhile.
        for (var count = Count; count < _maximum;)
        {
            var seen = Interlocked.CompareExchange(ref _count.Value, count + 1, count);
            if (seen == count)
                return true;
            count = seen;
        }
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count.Value);
}
