using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>
/// Finds the cells that hold a destination. A look-up costs one hash for each prefix length in use and one binary search
/// for each prefix found, however many routes there are.
/// </summary>
internal sealed class RouteIndex
{
    private readonly PortIndex _anywhere;
    private readonly PrefixLevel[] _ipv4, _ipv6;

    /// <summary>Takes entries that are sorted by rank.</summary>
    public RouteIndex(IReadOnlyList<RouteEntry> entries)
    {
        _anywhere = new PortIndex(entries.Where(entry => entry.Prefix is null));
        _ipv4 = Levels(entries, isIPv6: false);
        _ipv6 = Levels(entries, isIPv6: true);
    }

    public Cells At(Endpoint destination) => new(this, destination);

    private static PrefixLevel[] Levels(IReadOnlyList<RouteEntry> entries, bool isIPv6) => [.. entries
        .Where(entry => entry.Prefix?.Address.IsIPv6 == isIPv6)
        .GroupBy(entry => entry.Prefix!.Value.Length)
        .Select(level => new PrefixLevel(level.Key, level
            .GroupBy(entry => entry.Prefix!.Value.Address.Bits)
            .ToDictionary(prefix => prefix.Key, prefix => new PortIndex(prefix))))];

    /// <summary>All prefixes of one length and one family.</summary>
    private sealed record PrefixLevel(int Length, Dictionary<UInt128, PortIndex> Prefixes);

    /// <summary>Walks over the cells that hold a destination, in no order.</summary>
    internal ref struct Cells
    {
        private readonly Endpoint _destination;
        private readonly PrefixLevel[] _levels;
        private ReadOnlySpan<RouteCell> _here;
        private int _nextLevel, _next;

        public Cells(RouteIndex index, Endpoint destination)
        {
            _destination = destination;
            _levels = destination.Address.IsIPv6 ? index._ipv6 : index._ipv4;
            _here = index._anywhere.At(destination.Port);
        }

        public readonly RouteCell Current => _here[_next - 1];

        public readonly Cells GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_next == _here.Length)
            {
                if (_nextLevel == _levels.Length)
                    return false;
                var level = _levels[_nextLevel++];
                var prefix = new Prefix(_destination.Address, level.Length);
                _here = level.Prefixes.TryGetValue(prefix.Address.Bits, out var ports) ? ports.At(_destination.Port) : default;
                _next = 0;
            }
            _next++;
            return true;
        }
    }
}
