namespace Everyport.Proxy.Connections;

/// <summary>
/// Spreads connections over the reactors by how many each has. The kernel gives a new one to whichever reactor it wakes
/// first, mostly the same one; a connection stays where it begins, so that all would be on one core.
/// </summary>
internal sealed class ConnectionBalance(int reactors)
{
    /// <summary>One number to a cache line: each is written by its own reactor with every connection.</summary>
    private const int Stride = 16;

    /// <summary>To give a connection away costs a system call and wakes a thread: small differences are let be.</summary>
    private const int Tolerance = 4, ToleranceShift = 3;

    private readonly int[] _counts = new int[reactors * Stride];

    /// <summary>Counts a connection for the reactor that is to have it, and tells which; <paramref name="own"/> if there is no reason to give it away.</summary>
    public int Enter(int own)
    {
        var least = own;
        for (var i = 0; i < reactors; i++)
        {
            if (Count(i) < Count(least))
                least = i;
        }
        var chosen = Count(own) > Count(least) + Tolerance + (Count(least) >> ToleranceShift) ? least : own;
        Interlocked.Increment(ref _counts[chosen * Stride]);
        return chosen;
    }

    /// <summary>A connection of a reactor has ended, or is Kestrel's.</summary>
    public void Leave(int reactor) => Interlocked.Decrement(ref _counts[reactor * Stride]);

    public int Count(int reactor) => Volatile.Read(ref _counts[reactor * Stride]);
}
