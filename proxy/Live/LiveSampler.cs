namespace Everyport.Proxy.Live;

/// <summary>
/// Looks at all that is open, once a second at most however many ask, and not at all while nobody does. From one look to
/// the next it tells how fast each moves bytes.
/// </summary>
internal sealed class LiveSampler(LiveRegister register, TimeProvider time)
{
    /// <summary>Askers come once a second each; two that come at nearly the same time share a look.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(0.9);

    /// <summary>After so long without a look, what moved since is no rate that anybody wants to see.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, long> _moved = [];
    private readonly List<OpenConnection> _seen = [];
    private LiveSample _sample = new([], default);
    private long _at;

    /// <summary>Everything that is open; it is not changed any more.</summary>
    public LiveSample Sample()
    {
        lock (_gate)
        {
            var elapsed = _at == 0 ? TimeSpan.MaxValue : time.GetElapsedTime(_at);
            if (elapsed < Freshness)
                return _sample;
            _at = time.GetTimestamp();
            _seen.Clear();
            var totals = register.LookInto(_seen);
            foreach (var open in _seen)
                totals = totals.Plus(open);
            return _sample = new LiveSample(Rate(elapsed), totals);
        }
    }

    private SampledConnection[] Rate(TimeSpan elapsed)
    {
        var sample = new SampledConnection[_seen.Count];
        for (var i = 0; i < sample.Length; i++)
        {
            var open = _seen[i];
            // What was not there at the last look has moved everything since.
            var moved = open.ToDestination + open.ToClient - _moved.GetValueOrDefault(open.Id);
            sample[i] = new SampledConnection(open, elapsed > Oldest ? 0 : moved / elapsed.TotalSeconds);
        }
        _moved.Clear();
        foreach (var open in _seen)
            _moved[open.Id] = open.ToDestination + open.ToClient;
        return sample;
    }
}

/// <summary>What is open at one moment, and the sums of that and of all that has ended.</summary>
internal sealed record LiveSample(SampledConnection[] Open, LiveTotals Totals);

/// <summary>An open connection and the bytes that it moves in a second, both ways together.</summary>
internal readonly record struct SampledConnection(OpenConnection Open, double BytesPerSecond);
