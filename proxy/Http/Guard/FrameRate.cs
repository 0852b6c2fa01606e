namespace Everyport.Proxy.Http.Guard;

/// <summary>Counts frames of one kind, second by second.</summary>
internal struct FrameRate
{
    private long _second;
    private int _count;

    /// <summary>Counts one. False where it is more than <paramref name="limit"/> in this second; a limit of zero allows any number.</summary>
    public bool TryAdd(long second, int limit)
    {
        if (_second != second)
            (_second, _count) = (second, 0);
        return limit == 0 || ++_count <= limit;
    }
}
