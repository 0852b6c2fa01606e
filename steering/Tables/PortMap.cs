using Everyport.Steering.Rules;

namespace Everyport.Steering.Tables;

/// <summary>
/// A function from port to verdict, kept as the ports at which its value changes. Equal functions are equal
/// values, so that prefixes with the same ports share one piece of the table.
/// </summary>
internal sealed class PortMap : IEquatable<PortMap>
{
    /// <summary>The value where a prefix has no rule of its own and the shorter prefix around it decides.</summary>
    public const uint Inherit = uint.MaxValue;

    private readonly int _hash;

    private PortMap(ushort[] starts, uint[] verdicts)
    {
        (Starts, Verdicts) = (starts, verdicts);
        var hash = new HashCode();
        for (var i = 0; i < starts.Length; i++)
            hash.Add(((ulong)starts[i] << 32) | verdicts[i]);
        _hash = hash.ToHashCode();
    }

    /// <summary>Where each piece begins; the first is 0.</summary>
    public ushort[] Starts { get; }

    /// <summary>The verdict of each piece.</summary>
    public uint[] Verdicts { get; }

    /// <summary>The same verdict for every port.</summary>
    public static PortMap Constant(uint verdict) => new([0], [verdict]);

    /// <summary>The rules of one prefix and protocol: at each port the narrowest range decides.</summary>
    public static PortMap Of(IEnumerable<(PortRange Range, uint Verdict)> ranges)
    {
        var sorted = ranges.OrderBy(entry => entry.Range.First).ToArray();
        var open = new PriorityQueue<(PortRange Range, uint Verdict), int>();
        var pieces = new Pieces();
        var next = 0;
        for (var port = 0; port <= ushort.MaxValue;)
        {
            for (; next < sorted.Length && sorted[next].Range.First <= port; next++)
                open.Enqueue(sorted[next], sorted[next].Range.Count);
            while (open.TryPeek(out var top, out _) && top.Range.Last < port)
                open.Dequeue();

            var change = next < sorted.Length ? sorted[next].Range.First : ushort.MaxValue + 1;
            var covered = open.TryPeek(out var narrowest, out _);
            pieces.Add((ushort)port, covered ? narrowest.Verdict : Inherit);
            port = covered ? Math.Min(change, narrowest.Range.Last + 1) : change;
        }
        return pieces.ToMap();
    }

    /// <summary>This map where it has a verdict, and <paramref name="around"/> elsewhere.</summary>
    public PortMap Over(PortMap around)
    {
        var pieces = new Pieces();
        int mine = 0, theirs = 0;
        for (var port = 0; port <= ushort.MaxValue;)
        {
            while (mine + 1 < Starts.Length && Starts[mine + 1] <= port)
                mine++;
            while (theirs + 1 < around.Starts.Length && around.Starts[theirs + 1] <= port)
                theirs++;

            pieces.Add((ushort)port, Verdicts[mine] == Inherit ? around.Verdicts[theirs] : Verdicts[mine]);
            var myNext = mine + 1 < Starts.Length ? Starts[mine + 1] : ushort.MaxValue + 1;
            var theirNext = theirs + 1 < around.Starts.Length ? around.Starts[theirs + 1] : ushort.MaxValue + 1;
            port = Math.Min(myNext, theirNext);
        }
        return pieces.ToMap();
    }

    /// <inheritdoc/>
    public bool Equals(PortMap? other) =>
        other is not null && _hash == other._hash
        && Starts.AsSpan().SequenceEqual(other.Starts) && Verdicts.AsSpan().SequenceEqual(other.Verdicts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PortMap);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>Collects pieces and joins neighbours of equal value.</summary>
    private sealed class Pieces
    {
        private readonly List<ushort> _starts = [];
        private readonly List<uint> _verdicts = [];

        public void Add(ushort start, uint verdict)
        {
            if (_verdicts.Count > 0 && _verdicts[^1] == verdict)
                return;
            _starts.Add(start);
            _verdicts.Add(verdict);
        }

        public PortMap ToMap() => new([.. _starts], [.. _verdicts]);
    }
}
