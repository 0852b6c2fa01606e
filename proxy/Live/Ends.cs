namespace Everyport.Proxy.Live;

/// <summary>The last streams, flows and requests that have ended. For any number of threads.</summary>
internal sealed class Ends
{
    /// <summary>How many are remembered.</summary>
    public const int Capacity = 256;

    private readonly Lock _gate = new();
    private readonly EndedConnection[] _last = new EndedConnection[Capacity];
    private long _count;
    private volatile int _watchers;

    /// <summary>Whether somebody looks: requests are only remembered then, as to remember one costs something.</summary>
    public bool IsWatched => _watchers > 0;

    /// <summary>
    /// Remembers one. Under a load that nobody could read anyway it may be left out: nobody waits for the lock.
    /// </summary>
    public void Add(in EndedConnection ended)
    {
        if (!_gate.TryEnter())
            return;
        try
        {
            _last[_count % Capacity] = ended with { Id = ++_count };
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Somebody looks until it is disposed of.</summary>
    public IDisposable Watch()
    {
        Interlocked.Increment(ref _watchers);
        return new Watcher(this);
    }

    /// <summary>Those after the one with this number, oldest first, as far as they are remembered.</summary>
    public EndedConnection[] After(long id)
    {
        lock (_gate)
        {
            var first = Math.Max(id, _count - Capacity);
            var ends = new EndedConnection[Math.Max(0, _count - first)];
            for (var i = 0; i < ends.Length; i++)
                ends[i] = _last[(first + i) % Capacity];
            return ends;
        }
    }

    private sealed class Watcher(Ends ends) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref ends._watchers);
    }
}
