using Everyport.Steering.Rules;

namespace Everyport.Steering.Tables;

/// <summary>
/// All port maps of one compilation, each distinct one once, known by its number. Remembers what it has computed:
/// with a hundred thousand prefixes there are few different port lists.
/// </summary>
internal sealed class PortMaps
{
    /// <summary>The number of the map that has no rule for any port.</summary>
    public const int None = 0;

    private readonly List<PortMap> _maps = [];
    private readonly Dictionary<PortMap, int> _numbers = [];
    private readonly Dictionary<(PortRanges Ports, uint Verdict), int> _ofRule = [];
    private readonly Dictionary<(int Own, int Around), int> _over = [];

    public PortMaps() => Number(PortMap.Constant(TableLayout.NoRule));

    public int Count => _maps.Count;

    public PortMap this[int number] => _maps[number];

    /// <summary>The map of a single rule.</summary>
    public int OfRule(PortRanges ports, uint verdict)
    {
        if (!_ofRule.TryGetValue((ports, verdict), out var number))
            _ofRule[(ports, verdict)] = number = OfRanges(ports.Select(range => (range, verdict)));
        return number;
    }

    /// <summary>The map of several rules of one prefix.</summary>
    public int OfRanges(IEnumerable<(PortRange, uint)> ranges) => Number(PortMap.Of(ranges));

    /// <summary>The first map laid over the second.</summary>
    public int Over(int own, int around)
    {
        if (!_over.TryGetValue((own, around), out var number))
            _over[(own, around)] = number = Number(_maps[own].Over(_maps[around]));
        return number;
    }

    private int Number(PortMap map)
    {
        if (!_numbers.TryGetValue(map, out var number))
        {
            _numbers[map] = number = _maps.Count;
            _maps.Add(map);
        }
        return number;
    }
}
