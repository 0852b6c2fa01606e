using System.Runtime.InteropServices;

namespace Everyport.Proxy.Live;

/// <summary>
/// Looks at all that is open, once a second at most however many ask, and not at all while nobody does. From one look to
/// the next it tells how fast each moves bytes. There is one for a register.
/// </summary>
internal sealed class LiveSampler(LiveRegister register, TimeProvider time)
{
    /// <summary>Askers come once a second each; two that come at nearly the same time share a look.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(0.9);

    /// <summary>After so long without a look, what moved since is no rate that anybody wants to see.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();

    // With thousands open, a list of its own for each look would have the garbage collector run through all memory every few seconds.
    private readonly List<SampledConnection> _seen = [];
    private LiveTotals _totals;
    private long _at;

    /// <summary>Reads everything that is open, and the sums of that and of all that has ended.</summary>
    public T Read<T>(LiveReader<T> reader)
    {
        lock (_gate)
        {
            var elapsed = _at == 0 ? TimeSpan.MaxValue : time.GetElapsedTime(_at);
            if (elapsed >= Freshness)
            {
                _at = time.GetTimestamp();
                _seen.Clear();
                _totals = register.LookInto(_seen, elapsed > Oldest ? double.PositiveInfinity : elapsed.TotalSeconds);
            }
            return reader(CollectionsMarshal.AsSpan(_seen), _totals);
        }
    }
}

/// <summary>Takes what it wants of what is open; others wait for it.</summary>
internal delegate T LiveReader<out T>(ReadOnlySpan<SampledConnection> open, in LiveTotals totals);

/// <summary>An open connection and the bytes that it moves in a second, both ways together.</summary>
internal readonly record struct SampledConnection(OpenConnection Open, double BytesPerSecond);
