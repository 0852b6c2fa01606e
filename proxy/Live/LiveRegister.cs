namespace Everyport.Proxy.Live;

/// <summary>All that is open: a shelf for each thread that opens something.</summary>
internal sealed class LiveRegister
{
    private readonly Lock _gate = new();
    private LiveShelf[] _shelves = [];

    /// <summary>A shelf for one more thread.</summary>
    public LiveShelf NewShelf()
    {
        lock (_gate)
        {
            var shelf = new LiveShelf(_shelves.Length);
            _shelves = [.. _shelves, shelf];
            return shelf;
        }
    }

    /// <summary>Calls with each thing that is open, which shall not take long: it may not begin or end meanwhile.</summary>
    public void ForEach(Action<ILive> look)
    {
        foreach (var shelf in Volatile.Read(ref _shelves))
            shelf.ForEach(look);
    }

    /// <summary>
    /// Adds everything that is open to a list, in no order, with how fast it has moved bytes in the seconds since the last look; returns
    /// the sums of that and of what has ended.
    /// </summary>
    public LiveTotals LookInto(List<SampledConnection> seen, double seconds)
    {
        var totals = default(LiveTotals);
        foreach (var shelf in Volatile.Read(ref _shelves))
            totals = totals.Plus(shelf.LookInto(seen, seconds));
        return totals;
    }
}
