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

    /// <summary>Everything, in no order.</summary>
    public void LookInto(List<OpenConnection> seen)
    {
        foreach (var shelf in Volatile.Read(ref _shelves))
            shelf.LookInto(seen);
    }
}
