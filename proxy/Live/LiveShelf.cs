namespace Everyport.Proxy.Live;

/// <summary>
/// What one thread has open, and what it had open before, in sums. That thread adds and removes, in a time that does not
/// depend on how many there are; the lock is free but for the moments when somebody looks.
/// </summary>
internal sealed class LiveShelf(int number)
{
    /// <summary>So many bits tell things on one shelf apart, the others the shelves.</summary>
    private const int IdBits = 44;

    private readonly Lock _gate = new();
    private readonly List<ILive> _items = [];
    private long _lastId = (long)number << IdBits;
    private LiveTotals _ended;

    public void Add(ILive item)
    {
        lock (_gate)
        {
            item.Place = new ShelfPlace(_items.Count, ++_lastId);
            _items.Add(item);
        }
    }

    /// <summary>Removes what has been added. The last one takes its place.</summary>
    public void Remove(ILive item)
    {
        lock (_gate)
        {
            _ended = _ended.Plus(item.Look());
            var (index, last) = (item.Place.Index, _items[^1]);
            _items[index] = last;
            last.Place = last.Place with { Index = index };
            _items.RemoveAt(_items.Count - 1);
        }
    }

    /// <summary>Calls with each thing that is open, which may not end meanwhile.</summary>
    public void ForEach(Action<ILive> look)
    {
        lock (_gate)
            _items.ForEach(look);
    }

    /// <summary>
    /// Adds all that is open to a list, with how fast it has moved bytes in the seconds since the last look; returns the sums of that and
    /// of what has ended.
    /// </summary>
    public LiveTotals LookInto(List<SampledConnection> seen, double seconds)
    {
        lock (_gate)
        {
            var totals = _ended;
            foreach (var item in _items)
            {
                var (place, open) = (item.Place, item.Look());
                var moved = open.ToDestination + open.ToClient;
                seen.Add(new SampledConnection(open with { Id = place.Id }, (moved - place.Moved) / seconds));
                item.Place = place with { Moved = moved };
                totals = totals.Plus(open);
            }
            return totals;
        }
    }
}
