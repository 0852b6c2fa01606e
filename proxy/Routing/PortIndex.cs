namespace Everyport.Proxy.Routing;

/// <summary>The cells of one prefix, found by a port: the ports are cut where a range begins or ends.</summary>
internal sealed class PortIndex
{
    private readonly int[] _starts;
    private readonly RouteCell[][] _cells;

    /// <summary>Takes entries that are sorted by rank.</summary>
    public PortIndex(IEnumerable<RouteEntry> entries)
    {
        var cells = entries.GroupBy(entry => entry.Ports)
            .Select(group => new RouteCell(group.Key, [.. group]))
            .OrderBy(cell => cell.Ports.First)
            .ToArray();
        _starts = [.. cells.SelectMany(cell => (int[])[cell.Ports.First, cell.Ports.Last + 1]).Append(0).Distinct().Order()];
        _cells = new RouteCell[_starts.Length][];

        var next = 0;
        var here = new List<RouteCell>();
        for (var i = 0; i < _starts.Length; i++)
        {
            here.RemoveAll(cell => cell.Ports.Last < _starts[i]);
            while (next < cells.Length && cells[next].Ports.First == _starts[i])
                here.Add(cells[next++]);
            _cells[i] = [.. here];
        }
    }

    public ReadOnlySpan<RouteCell> At(ushort port)
    {
        var index = Array.BinarySearch(_starts, port);
        return _cells[index >= 0 ? index : ~index - 1];
    }
}
