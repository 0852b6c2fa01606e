using System.Runtime.InteropServices;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tables;

/// <summary>The compiled, immutable form of a ruleset that the BPF program reads: cells, and where each walk begins.</summary>
internal sealed class ForwardingTable
{
    private readonly ReadOnlyMemory<uint> _cells;

    public ForwardingTable(ReadOnlyMemory<uint> cells, uint[] roots, uint denyIPv4, uint denyIPv6) =>
        (_cells, Roots, DenyIPv4, DenyIPv6) = (cells, roots, denyIPv4, denyIPv6);

    /// <summary>The reference at which the walk for a family and protocol begins; see <see cref="TableLayout.Root"/>.</summary>
    public IReadOnlyList<uint> Roots { get; }

    /// <summary>The reference at which the walk over the address of an IPv4 client begins; 0 where none is denied.</summary>
    public uint DenyIPv4 { get; }

    /// <summary>The same for IPv6.</summary>
    public uint DenyIPv6 { get; }

    /// <summary>How many cells of 64 bytes the table has.</summary>
    public int CellCount => _cells.Length / TableLayout.RefsPerCell;

    /// <summary>The content of the map that the program reads.</summary>
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(_cells.Span);

    /// <summary>The target of the verdict for a destination.</summary>
    public uint Decide(bool udp, Address address, ushort port) => Verdict(udp, address, port) & TableLayout.TargetMask;

    /// <summary>The number of the rule that decides about a destination; 0 where none does, or rules are not counted.</summary>
    public uint RuleOf(bool udp, Address address, ushort port) => Verdict(udp, address, port) >> TableLayout.TargetBits;

    /// <summary>Found by the same walk as in <c>Bpf/sk_lookup.bpf.c</c>.</summary>
    private uint Verdict(bool udp, Address address, ushort port)
    {
        var reference = Walk(Roots[TableLayout.Root(address.IsIPv6, udp)], (ulong)(address.Bits >> 64), (ulong)address.Bits);
        return (reference & TableLayout.RefPorts) == 0 ? reference : PortVerdict(reference, port);
    }

    /// <summary>Whether a client is refused before any rule.</summary>
    public bool Denies(Address source) =>
        Walk(source.IsIPv6 ? DenyIPv6 : DenyIPv4, (ulong)(source.Bits >> 64), (ulong)source.Bits) != TableLayout.NoRule;

    private uint PortVerdict(uint reference, ushort port)
    {
        var refs = _cells.Span;
        reference = refs[FirstRef(reference) + (port >> 8)];
        return (reference & TableLayout.RefPorts) == 0 ? reference : refs[FirstRef(reference) + (port & 255)];

        static int FirstRef(uint page) => (int)(page & TableLayout.RefValueMask) * TableLayout.RefsPerCell;
    }

    private uint Walk(uint reference, ulong word, ulong low)
    {
        var refs = _cells.Span;
        while ((reference & TableLayout.RefPorts) == 0)
        {
            var kind = reference >> TableLayout.RefKindShift;
            var cell = (int)(reference & TableLayout.RefValueMask);
            if (kind == TableLayout.Leaf)
                return reference;
            if (kind == TableLayout.Skip)
            {
                var skip = refs.Slice(cell * TableLayout.RefsPerCell, TableLayout.RefsPerCell);
                var words = MemoryMarshal.Cast<uint, ulong>(skip);
                if (((word ^ words[TableLayout.SkipKey / 2]) & words[TableLayout.SkipMask / 2]) != 0)
                {
                    reference = skip[TableLayout.SkipMiss];
                    continue;
                }
                reference = skip[TableLayout.SkipMatch];
                word = skip[TableLayout.SkipNextWord] != 0 ? low : word << (int)skip[TableLayout.SkipLength];
                continue;
            }
            var stride = TableLayout.Stride(kind);
            var bits = (int)(word >> (64 - stride));
            word <<= stride;
            reference = refs[cell * TableLayout.RefsPerCell + bits];
        }
        return reference;
    }
}
