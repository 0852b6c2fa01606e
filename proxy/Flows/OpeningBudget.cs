namespace Everyport.Proxy.Flows;

/// <summary>
/// To open a flow takes many times as long as to send a datagram on. When more arrives than can be served, fewer and
/// fewer flows are opened until the queue is empty again, so that a flood of new ones does not cost the
/// others their datagrams, which wait in the same queue.
/// </summary>
internal sealed class OpeningBudget
{
    /// <summary>So many full batches in a row are a burst, which the queue takes; more are a flood.</summary>
    public const int Patience = 16;

    private int _fullInARow, _left;

    /// <summary>A batch has been received; a full one says that more is waiting.</summary>
    public void Received(bool full)
    {
        _fullInARow = full ? Math.Min(_fullInARow + 1, Patience + DatagramBatch.Capacity - 1) : 0;
        _left = DatagramBatch.Capacity / Math.Max(1, _fullInARow - Patience + 1);
    }

    /// <summary>Whether another flow may be opened for this batch.</summary>
    public bool TryTake() => _left-- > 0;
}
