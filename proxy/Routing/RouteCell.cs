using Everyport.Proxy.Sniffing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>
/// The entries of one prefix and one port range, by rank: HTTP routes, streams that take anything, and streams that ask
/// for TLS, which are found by the name that they ask for.
/// </summary>
internal sealed class RouteCell
{
    private static readonly Dictionary<string, RouteEntry[]> NoNames = [];

    private readonly RouteEntry[] _allHttp, _http, _streams, _askForTls, _withoutName;
    private readonly Dictionary<string, RouteEntry[]> _byName;
    private readonly Dictionary<string, RouteEntry[]>.AlternateLookup<ReadOnlySpan<char>> _bySuffix;
    private ILookup<string, RouteEntry>? _httpByConditions;

    /// <summary>Takes entries that are sorted by rank.</summary>
    public RouteCell(IReadOnlyList<RouteEntry> entries)
    {
        if (entries is [{ IsHttp: true } only])
        {
            // With thousands of routes, most cells have one.
            _allHttp = _http = [only];
            (_streams, _askForTls, _withoutName) = ([], [], []);
            (_byName, _bySuffix) = (NoNames, NoNames.GetAlternateLookup<ReadOnlySpan<char>>());
            return;
        }
        _allHttp = [.. entries.Where(entry => entry.IsHttp)];
        // To the choice between HTTP and streams, one HTTP route is like another.
        _http = _allHttp.Length < 2 ? _allHttp : [.. _allHttp.DistinctBy(entry => entry.Source)];
        _streams = [.. entries.Where(entry => entry is { IsHttp: false, AsksForTls: false })];
        _askForTls = [.. entries.Where(entry => entry.AsksForTls)];
        _withoutName = [.. _askForTls.Where(entry => entry.Sni is null)];
        _byName = ByName(isWildcard: false);
        _bySuffix = ByName(isWildcard: true).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The cells of one prefix, found by a port. Takes entries that are sorted by rank.</summary>
    public static PortIndex<RouteCell[]> IndexOf(IReadOnlyList<RouteEntry> entries) => entries is [var only]
        ? PortIndex<RouteCell[]>.OfOne(only.Ports, [new RouteCell(entries)], [])
        : PortIndex<RouteCell[]>.Create(entries.GroupBy(entry => entry.Ports).Select(group => (group.Key, new RouteCell([.. group]))), cells => [.. cells]);

    /// <summary>Puts in <paramref name="best"/> the first HTTP route for a client, where it goes before what is there.</summary>
    public void FindHttp(Address client, ref RouteEntry? best) => Find(_http, client, null, ref best);

    /// <summary>The same for the streams that take anything.</summary>
    public void FindStream(Address client, ref RouteEntry? best) => Find(_streams, client, null, ref best);

    /// <summary>The same for the streams that ask for TLS, whatever it is that they ask.</summary>
    public void FindAsking(Address client, ref RouteEntry? best) => Find(_askForTls, client, null, ref best);

    /// <summary>The same for the streams that a ClientHello satisfies.</summary>
    public void FindAsking(Address client, ClientHello hello, ref RouteEntry? best)
    {
        Find(_withoutName, client, hello, ref best);
        if (hello.ServerName is not { } name)
            return;
        if (_byName.TryGetValue(name, out var exact))
            Find(exact, client, hello, ref best);
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (_bySuffix.TryGetValue(name.AsSpan(dot), out var below))
                Find(below, client, hello, ref best);
        }
    }

    /// <summary>The streams that may take all that one with this name does.</summary>
    public IEnumerable<RouteEntry> StreamsAround(ServerNamePattern? name)
    {
        foreach (var entry in _streams.Concat(_withoutName))
            yield return entry;
        if (name is null)
            yield break;
        foreach (var entry in name.IsWildcard ? [] : _byName.GetValueOrDefault(name.Name, []))
            yield return entry;
        for (var dot = name.Name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.Name.IndexOf('.', dot + 1))
        {
            foreach (var entry in _bySuffix.Dictionary.GetValueOrDefault(name.Name[dot..], []))
                yield return entry;
        }
    }

    /// <summary>The HTTP routes that may take all that one with these conditions does.</summary>
    public IEnumerable<RouteEntry> HttpAround(string conditions)
    {
        if (_allHttp.Length < 2)
            return _allHttp.Where(entry => entry.Conditions.Length == 0 || entry.Conditions == conditions);
        _httpByConditions ??= _allHttp.ToLookup(entry => entry.Conditions);
        return conditions.Length == 0 ? _httpByConditions[""] : _httpByConditions[""].Concat(_httpByConditions[conditions]);
    }

    private static void Find(RouteEntry[] entries, Address client, ClientHello? hello, ref RouteEntry? best)
    {
        foreach (var entry in entries)
        {
            if (best is not null && best.Rank < entry.Rank)
                return;
            if (!entry.MatchesSource(client) || hello is not null && !entry.Stream!.Tls.MatchesAlpn(hello))
                continue;
            best = entry;
            return;
        }
    }

    private Dictionary<string, RouteEntry[]> ByName(bool isWildcard) => _askForTls.Length == 0 ? NoNames : _askForTls
        .Where(entry => entry.Sni?.IsWildcard == isWildcard)
        .GroupBy(entry => entry.Sni!.Name)
        .ToDictionary(group => group.Key, group => group.ToArray());
}
