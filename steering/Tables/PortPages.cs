using System.Runtime.InteropServices;

namespace Everyport.Steering.Tables;

/// <summary>
/// Writes port maps as pages of 256 references, equal pages once: the page of a map, by the high byte of the port,
/// holds verdicts, and references to pages by the low byte where a verdict for all 256 ports would not do.
/// </summary>
internal sealed class PortPages(CellBuilder cells)
{
    private const int PageSize = 256;
    private readonly Dictionary<Page, uint> _written = [];

    /// <summary>The reference to a map: its verdict where it has only one, its page otherwise.</summary>
    public uint Write(PortMap map)
    {
        if (map.Verdicts is [var verdict])
            return verdict;

        var first = new uint[PageSize];
        var piece = 0;
        for (var high = 0; high < PageSize; high++)
            first[high] = WriteLow(map, high * PageSize, ref piece);
        return Write(first);
    }

    /// <summary>The 256 ports from <paramref name="port"/> on; <paramref name="piece"/> is the one in force there.</summary>
    private uint WriteLow(PortMap map, int port, ref int piece)
    {
        piece = Find(map, piece, port);
        if (Find(map, piece, port + PageSize - 1) == piece)
            return map.Verdicts[piece];

        var page = new uint[PageSize];
        for (var low = 0; low < PageSize; low++)
            page[low] = map.Verdicts[piece = Find(map, piece, port + low)];
        return Write(page);
    }

    private static int Find(PortMap map, int piece, int port)
    {
        while (piece + 1 < map.Starts.Length && map.Starts[piece + 1] <= port)
            piece++;
        return piece;
    }

    private uint Write(uint[] refs)
    {
        var page = new Page(refs);
        if (!_written.TryGetValue(page, out var reference))
            _written[page] = reference = TableLayout.RefPorts | (uint)cells.Append(refs);
        return reference;
    }

    private readonly record struct Page(uint[] Refs)
    {
        public bool Equals(Page other) => Refs.AsSpan().SequenceEqual(other.Refs);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(Refs.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
