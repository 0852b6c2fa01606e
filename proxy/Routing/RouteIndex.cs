using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>
/// Finds what holds at a destination. A look-up costs one hash for each prefix length in use and one binary search
/// for each prefix found, however many routes there are.
/// </summary>
internal sealed class RouteIndex<T>
{
    private readonly PortIndex<T> _anywhere;
    private readonly PrefixLevel[] _ipv4, _ipv6;

    /// <param name="entries">In the order in which <paramref name="ofOnePrefix"/> is to see those of a prefix.</param>
    /// <param name="ofOnePrefix">Makes the index by port of all entries that have one prefix, or none.</param>
    public RouteIndex(IReadOnlyList<RouteEntry> entries, Func<IReadOnlyList<RouteEntry>, PortIndex<T>> ofOnePrefix)
    {
        _anywhere = ofOnePrefix([.. entries.Where(entry => entry.Prefix is null)]);
        _ipv4 = Levels(entries, isIPv6: false, ofOnePrefix);
        _ipv6 = Levels(entries, isIPv6: true, ofOnePrefix);
    }

    public Places At(Endpoint destination) => new(this, destination);

    private static PrefixLevel[] Levels(IReadOnlyList<RouteEntry> entries, bool isIPv6, Func<IReadOnlyList<RouteEntry>, PortIndex<T>> ofOnePrefix) => [.. entries
        .Where(entry => entry.Prefix?.Address.IsIPv6 == isIPv6)
        .GroupBy(entry => entry.Prefix!.Value.Length)
        .Select(level => new PrefixLevel(level.Key, level
            .GroupBy(entry => entry.Prefix!.Value.Address.Bits)
            .ToDictionary(prefix => prefix.Key, prefix => ofOnePrefix([.. prefix]))))];

    /// <summary>All prefixes of one length and one family.</summary>
    private sealed record PrefixLevel(int Length, Dictionary<UInt128, PortIndex<T>> Prefixes);

    /// <summary>Walks over what holds at a destination, prefix by prefix, in no order.</summary>
    internal ref struct Places
    {
        private readonly RouteIndex<T> _index;
        private readonly Endpoint _destination;
        private readonly PrefixLevel[] _levels;
        private int _nextLevel;

        public Places(RouteIndex<T> index, Endpoint destination)
        {
            _index = index;
            _destination = destination;
            _levels = destination.Address.IsIPv6 ? index._ipv6 : index._ipv4;
            _nextLevel = -1;
            Current = default!;
        }

        public T Current { get; private set; }

        public readonly Places GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_nextLevel < 0)
            {
                _nextLevel = 0;
                Current = _index._anywhere.At(_destination.Port);
                return true;
            }
            while (_nextLevel < _levels.Length)
            {
                var level = _levels[_nextLevel++];
                if (!level.Prefixes.TryGetValue(new Prefix(_destination.Address, level.Length).Address.Bits, out var ports))
                    continue;
                Current = ports.At(_destination.Port);
                return true;
            }
            return false;
        }
    }
}
