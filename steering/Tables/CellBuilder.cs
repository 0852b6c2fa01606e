using System.Runtime.InteropServices;

namespace Everyport.Steering.Tables;

/// <summary>
/// Cuts a piecewise constant function into cells. Where many of the 16 pieces of a region still differ inside, it
/// takes 8 bits at once; where only one narrow place differs, it skips to that place; elsewhere it takes 4 bits. A
/// level-compressed trie (Nilsson and Karlsson, "IP-address lookup using LC-tries", 1999), its leaves pushed down.
/// </summary>
internal sealed class CellBuilder
{
    private const int NibbleBits = 4, ByteBits = 8, WordBits = 64, KeyBits = 128;
    private const int RefsPerCell = TableLayout.CellSize / sizeof(uint);

    /// <summary>A nibble with this many pieces to refine becomes a byte: 1 KiB buys one step less.</summary>
    private const int PiecesForByte = 6;

    private uint[] _refs = [];
    private int _count;

    /// <summary>The cells so far, sixteen references each.</summary>
    public ReadOnlyMemory<uint> ToMemory() => _refs.AsMemory(0, _count);

    /// <summary>Writes a function whose values are references, and returns the reference to the whole.</summary>
    public uint Build(Steps steps) => Region(steps.Starts, steps.Values, UInt128.Zero, 0);

    /// <summary>
    /// The keys that share their first <paramref name="depth"/> bits with <paramref name="first"/>. The first of
    /// the steps is in force where the region begins; the others begin inside it.
    /// </summary>
    private uint Region(ReadOnlySpan<UInt128> starts, ReadOnlySpan<uint> values, UInt128 first, int depth)
    {
        if (values.Length == 1)
            return values[0];

        if (values[0] == values[^1])
        {
            // The same on both sides: all that differs lies in the smallest aligned place that holds these two keys.
            var shared = (int)UInt128.LeadingZeroCount(starts[1] ^ (starts[^1] - 1));
            var target = Math.Min(shared & ~(NibbleBits - 1), depth < WordBits ? WordBits : KeyBits);
            if (target > depth)
                return SkipTo(starts, values, depth, target);
        }

        var wide = CountRefined(starts, depth) >= PiecesForByte && depth % WordBits <= WordBits - ByteBits;
        return Node(starts, values, first, depth, wide ? ByteBits : NibbleBits);
    }

    /// <summary>A node of 16 or 256 references, one for each value of the next bits.</summary>
    private uint Node(ReadOnlySpan<UInt128> starts, ReadOnlySpan<uint> values, UInt128 first, int depth, int bits)
    {
        var count = 1 << bits;
        var cell = Allocate(count / RefsPerCell);
        var size = UInt128.One << (KeyBits - depth - bits);
        var begin = 0;
        for (var i = 0; i < count; i++, first += size)
        {
            while (begin + 1 < starts.Length && starts[begin + 1] <= first)
                begin++;
            var end = begin + 1;
            while (end < starts.Length && starts[end] - first < size)
                end++;

            var child = Region(starts[begin..end], values[begin..end], first, depth + bits);
            if (depth + bits == WordBits && end - begin > 1)
                child = Skip(key: 0, length: 0, match: child, miss: TableLayout.Drop, nextWord: true);
            _refs[cell * RefsPerCell + i] = child;
        }
        return Reference(bits == ByteBits ? TableLayout.Byte : TableLayout.Nibble, cell);
    }

    /// <summary>A skip to the one place, <paramref name="target"/> bits deep, in which the region is not constant.</summary>
    private uint SkipTo(ReadOnlySpan<UInt128> starts, ReadOnlySpan<uint> values, int depth, int target)
    {
        var place = starts[1] & (UInt128.MaxValue << (KeyBits - target));
        var begin = starts[1] == place ? 1 : 0;
        var endsWithPlace = starts[^1] - place == UInt128.One << (KeyBits - target);
        var end = endsWithPlace ? starts.Length - 1 : starts.Length;

        var match = Region(starts[begin..end], values[begin..end], place, target);
        return Skip((ulong)(place << depth >> WordBits), target - depth, match, values[0], nextWord: target == WordBits);
    }

    private uint Skip(ulong key, int length, uint match, uint miss, bool nextWord)
    {
        var cell = Allocate(1);
        var fields = _refs.AsSpan(cell * RefsPerCell, RefsPerCell);
        var mask = length == 0 ? 0 : ulong.MaxValue << (WordBits - length);
        MemoryMarshal.Cast<uint, ulong>(fields)[TableLayout.SkipKey / 2] = key;
        MemoryMarshal.Cast<uint, ulong>(fields)[TableLayout.SkipMask / 2] = mask;
        fields[TableLayout.SkipLength] = (uint)length;
        fields[TableLayout.SkipMatch] = match;
        fields[TableLayout.SkipMiss] = miss;
        fields[TableLayout.SkipNextWord] = nextWord ? 1u : 0;
        return Reference(TableLayout.Skip, cell);
    }

    /// <summary>How many of the 16 pieces of a region differ inside; counts no further than it matters.</summary>
    private static int CountRefined(ReadOnlySpan<UInt128> starts, int depth)
    {
        var last = -1;
        var count = 0;
        for (var i = 1; i < starts.Length && count < PiecesForByte; i++)
        {
            var rest = starts[i] << depth;
            var piece = (int)(rest >> (KeyBits - NibbleBits));
            if (piece == last || rest << NibbleBits == 0)
                continue;
            last = piece;
            count++;
        }
        return count;
    }

    private int Allocate(int cells)
    {
        var cell = _count / RefsPerCell;
        if (cell + cells > TableLayout.RefValueMask)
            throw new InvalidOperationException($"The ruleset needs more than the {TableLayout.RefValueMask} cells that a forwarding table can have.");
        _count += cells * RefsPerCell;
        if (_count > _refs.Length)
            Array.Resize(ref _refs, Math.Max(_count, 2 * _refs.Length));
        return cell;
    }

    private static uint Reference(uint kind, int cell) => kind << TableLayout.RefKindShift | (uint)cell;
}
