using System.Numerics;
using System.Runtime.InteropServices;

namespace Everyport.Steering.Tables;

/// <summary>
/// Cuts piecewise constant functions into cells. Where only one narrow place of a region differs, it skips to that
/// place; elsewhere it makes a node, the wider the more steps there are in the region. A level-compressed trie
/// (Nilsson and Karlsson, "IP-address lookup using LC-tries", 1999), its leaves pushed down.
/// </summary>
internal sealed class CellBuilder
{
    private const int NibbleBits = 4, WordBits = 64, KeyBits = 128;
    private const int RefsPerCell = TableLayout.RefsPerCell;

    /// <summary>A node may have a cell for so many steps: fewer cost memory and save lookups. See 'make bench', part steering.</summary>
    private const int StepsPerCell = 2;

    private uint[] _refs = [];
    private int _count;

    /// <summary>The cells so far, sixteen references each.</summary>
    public ReadOnlyMemory<uint> ToMemory() => _refs.AsMemory(0, _count);

    /// <summary>Writes references as they are and returns the first of their cells.</summary>
    public int Append(ReadOnlySpan<uint> refs)
    {
        var cell = Allocate(refs.Length / RefsPerCell);
        refs.CopyTo(_refs.AsSpan(cell * RefsPerCell));
        return cell;
    }

    /// <summary>
    /// Writes a function over keys of <paramref name="width"/> bits, whose values are references, and returns the
    /// reference to the whole.
    /// </summary>
    public uint Build(Steps steps, int width) => Region(steps.Starts, steps.Values, new Place(UInt128.Zero, 0), width);

    /// <summary>All keys that share their first <c>Depth</c> bits with <c>First</c>.</summary>
    private readonly record struct Place(UInt128 First, int Depth);

    /// <summary>The first of the steps is in force where the place begins; the others begin inside it.</summary>
    private uint Region(ReadOnlySpan<UInt128> starts, ReadOnlySpan<uint> values, Place place, int width)
    {
        if (values.Length == 1)
            return values[0];

        if (values[0] == values[^1])
        {
            // The same on both sides: all that differs lies in the smallest aligned place that holds these two keys.
            var shared = (int)UInt128.LeadingZeroCount(starts[1] ^ (starts[^1] - 1));
            var target = Math.Min(shared & ~(NibbleBits - 1), place.Depth < WordBits ? WordBits : KeyBits);
            if (target > place.Depth)
                return SkipTo(starts, values, place.Depth, target, width);
        }
        return Node(starts, values, place, Stride(starts.Length, place.Depth, width), width);
    }

    /// <summary>How many bits a node reads: as many as the number of steps pays for, and none of the next word.</summary>
    private static int Stride(int steps, int depth, int width)
    {
        var cells = Math.Max(1, steps / StepsPerCell);
        var paid = BitOperations.Log2((uint)cells) + NibbleBits;
        var left = Math.Min(width, depth < WordBits ? WordBits : KeyBits) - depth;
        return Math.Min(Math.Min(paid, left) / NibbleBits * NibbleBits, TableLayout.Stride(TableLayout.LastKind));
    }

    private uint Node(ReadOnlySpan<UInt128> starts, ReadOnlySpan<uint> values, Place place, int stride, int width)
    {
        var count = 1 << stride;
        var cell = Allocate(count / RefsPerCell);
        var size = UInt128.One << (KeyBits - place.Depth - stride);
        var child = new Place(place.First, place.Depth + stride);
        var begin = 0;
        for (var i = 0; i < count; i++, child = child with { First = child.First + size })
        {
            while (begin + 1 < starts.Length && starts[begin + 1] <= child.First)
                begin++;
            var end = begin + 1;
            while (end < starts.Length && starts[end] - child.First < size)
                end++;

            var reference = Region(starts[begin..end], values[begin..end], child, width);
            if (child.Depth == WordBits && end - begin > 1)
                reference = Skip(key: 0, length: 0, match: reference, miss: TableLayout.Drop, nextWord: true);
            _refs[cell * RefsPerCell + i] = reference;
        }
        return Reference(TableLayout.KindOf(stride), cell);
    }

    /// <summary>A skip to the one place, <paramref name="target"/> bits deep, in which the region is not constant.</summary>
    private uint SkipTo(ReadOnlySpan<UInt128> starts, ReadOnlySpan<uint> values, int depth, int target, int width)
    {
        var place = new Place(starts[1] & (UInt128.MaxValue << (KeyBits - target)), target);
        var begin = starts[1] == place.First ? 1 : 0;
        var endsWithPlace = starts[^1] - place.First == UInt128.One << (KeyBits - target);
        var end = endsWithPlace ? starts.Length - 1 : starts.Length;

        var match = Region(starts[begin..end], values[begin..end], place, width);
        return Skip((ulong)(place.First << depth >> WordBits), target - depth, match, values[0], nextWord: target == WordBits);
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

    private int Allocate(int cells)
    {
        var cell = _count / RefsPerCell;
        if (cell + (long)cells > MaxCells)
            throw new SteeringException($"The rules need a forwarding table of more than {MaxCells} cells of {TableLayout.CellSize} bytes, the most that it can have.");
        _count += cells * RefsPerCell;
        if (_count > _refs.Length)
            Array.Resize(ref _refs, (int)Math.Min(Math.Max(_count, 2L * _refs.Length), Array.MaxLength));
        return cell;
    }

    /// <summary>8 GiB; what an array of references can hold.</summary>
    private static int MaxCells => Array.MaxLength / RefsPerCell;

    private static uint Reference(uint kind, int cell) => kind << TableLayout.RefKindShift | (uint)cell;
}
