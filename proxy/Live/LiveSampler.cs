namespace Everyport.Proxy.Live;

/// <summary>
/// Looks at all that is open, once a second at most however many ask, and not at all while nobody does. From one look to
/// the next it tells how fast each moves bytes.
/// </summary>
internal sealed class LiveSampler(LiveRegister register, TimeProvider time)
{
    /// <summary>Askers come once a second each; two that come at nearly the same time share a look.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(0.9);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, long> _moved = [];
    private readonly List<OpenConnection> _seen = [];
    private SampledConnection[] _sample = [];
    private long _at;

    /// <summary>Everything that is open. The array is not changed any more.</summary>
    public SampledConnection[] Sample()
    {
        lock (_gate)
        {
            var elapsed = time.GetElapsedTime(_at);
            if (_at != 0 && elapsed < Freshness)
                return _sample;
            _at = time.GetTimestamp();
            _seen.Clear();
            register.LookInto(_seen);
            return _sample = Rate(elapsed.TotalSeconds);
        }
    }

    private SampledConnection[] Rate(double seconds)
    {
        var sample = new SampledConnection[_seen.Count];
        for (var i = 0; i < sample.Length; i++)
        {
            var open = _seen[i];
            var moved = open.ToDestination + open.ToClient;
            // What was not there at the last look has moved everything since; at the first look nobody knows when.
            var before = _moved.TryGetValue(open.Id, out var known) ? known : _sample.Length == 0 ? moved : 0;
            sample[i] = new SampledConnection(open, (moved - before) / seconds);
        }
        _moved.Clear();
        foreach (var open in _seen)
            _moved[open.Id] = open.ToDestination + open.ToClient;
        return sample;
    }
}

/// <summary>An open connection and the bytes that it moves in a second, both ways together.</summary>
internal readonly record struct SampledConnection(OpenConnection Open, double BytesPerSecond);
