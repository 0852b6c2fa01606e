namespace Everyport.Proxy.Clusters;

/// <summary>
/// The destinations that one pick may choose from: the available ones without those that were tried. Neither list
/// changes during a pick.
/// </summary>
internal readonly ref struct Candidates
{
    private readonly ReadOnlySpan<DestinationState> _available, _tried;

    public Candidates(ReadOnlySpan<DestinationState> available, ReadOnlySpan<DestinationState> tried)
    {
        _available = available;
        _tried = tried;
        Count = available.Length;
        foreach (var destination in tried.IsEmpty ? [] : available)
            Count -= tried.Contains(destination) ? 1 : 0;
    }

    public int Count { get; }

    /// <summary>The number of places to look at for those who look at all candidates.</summary>
    public int Places => _available.Length;

    /// <summary>The candidate at a place; null where that one was tried.</summary>
    public DestinationState? At(int place) => _tried.Contains(_available[place]) ? null : _available[place];

    /// <summary>The candidate with this number, from 0.</summary>
    public DestinationState this[int number]
    {
        get
        {
            if (_tried.IsEmpty)
                return _available[number];
            foreach (var destination in _available)
            {
                if (!_tried.Contains(destination) && number-- == 0)
                    return destination;
            }
            throw new ArgumentOutOfRangeException(nameof(number));
        }
    }
}
