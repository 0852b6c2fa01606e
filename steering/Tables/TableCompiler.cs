using Everyport.Steering.Counters;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tables;

/// <summary>
/// Compiles a ruleset to a forwarding table; a pure function. Prefixes that nest become steps along the address
/// line, with what their rules say of ports laid over what the prefix around them says; then everything equal is
/// written once, and the steps are cut into cells.
/// </summary>
internal sealed class TableCompiler
{
    private readonly Ruleset _ruleset;
    private readonly Func<string, int> _service;
    private readonly CountedRules? _counted;
    private readonly bool _protocolsDiffer;
    private readonly PortMaps _maps = new();
    private readonly CellBuilder _cells = new();
    private readonly PortPages _pages;
    private uint[] _mapRefs = [];

    private TableCompiler(Ruleset ruleset, Func<string, int> service, CountedRules? counted)
    {
        (_ruleset, _service, _counted) = (ruleset, service, counted);
        _pages = new PortPages(_cells);
        _protocolsDiffer = ruleset.Rules.Any(rule => rule.Protocols != Protocols.All);
    }

    /// <summary>
    /// Compiles. <paramref name="service"/> gives the number of each service that a rule names. The verdicts say which rule it was only
    /// where rules are <paramref name="counted"/>: then those of several rules have fewer pages of ports in common.
    /// </summary>
    public static ForwardingTable Compile(Ruleset ruleset, Func<string, int> service, CountedRules? counted = null) =>
        new TableCompiler(ruleset, service, counted).Compile();

    private ForwardingTable Compile()
    {
        var roots = new uint[4];
        foreach (var ipv6 in (ReadOnlySpan<bool>)[false, true])
        {
            var tcp = roots[TableLayout.Root(ipv6, udp: false)] = Write(ipv6, Flatten(ipv6, Protocols.Tcp));
            roots[TableLayout.Root(ipv6, udp: true)] = _protocolsDiffer ? Write(ipv6, Flatten(ipv6, Protocols.Udp)) : tcp;
        }
        var (denyIPv4, denyIPv6) = (WriteDenied(ipv6: false), WriteDenied(ipv6: true));
        return new ForwardingTable(_cells.ToMemory(), roots, denyIPv4, denyIPv6);
    }

    /// <summary>The line of all addresses of a family, as steps whose values are port maps.</summary>
    private Steps Flatten(bool ipv6, Protocols protocol)
    {
        var owned = from @group in _ruleset.ByPrefix
                    where @group.Prefix.Address.IsIPv6 == ipv6
                    let own = Own(@group, protocol)
                    where own is not null
                    select (@group.Prefix, own.Value);
        return AddressLine.Flatten(owned, PortMaps.None, _maps.Over);
    }

    private uint WriteDenied(bool ipv6)
    {
        var denied = from prefix in _ruleset.DenySources
                     where prefix.Address.IsIPv6 == ipv6
                     select (prefix, (int)TableLayout.Denied);
        return BuildAddresses(ipv6, AddressLine.Flatten(denied, (int)TableLayout.NoRule, (value, _) => value));
    }

    /// <summary>The port map of the rules of one prefix for a protocol, or null where they have none for it.</summary>
    private int? Own(PrefixRules group, Protocols protocol)
    {
        if (group.Rules.Count == 1 && group.Rules[0] is var only)
            return (only.Protocols & protocol) != 0 ? _maps.OfRule(only.Ports, Verdict(only)) : null;

        var rules = group.Rules.Where(rule => (rule.Protocols & protocol) != 0).ToArray();
        return rules.Length == 0
            ? null
            : _maps.OfRanges(rules.SelectMany(rule => rule.Ports, (rule, range) => (range, Verdict(rule))));
    }

    private uint Verdict(Rule rule) => Number(rule.Target) | (uint)(_counted?.NumberOf(rule) ?? 0) << TableLayout.TargetBits;

    private uint Number(Target target) => target.Kind switch
    {
        TargetKind.Pass => TableLayout.Pass,
        TargetKind.Drop => TableLayout.Drop,
        _ => TableLayout.FirstService + (uint)_service(target.Service!),
    };

    /// <summary>Writes the cells of an address line, after those of the port maps that it leads to.</summary>
    private uint Write(bool ipv6, Steps line)
    {
        Array.Resize(ref _mapRefs, _maps.Count);
        foreach (ref var value in line.Values)
        {
            // 0 is both "not written yet" and the reference of PortMaps.None, which costs nothing to write again.
            if (_mapRefs[value] == 0)
                _mapRefs[value] = _pages.Write(_maps[(int)value]);
            value = _mapRefs[value];
        }
        return BuildAddresses(ipv6, line);
    }

    private uint BuildAddresses(bool ipv6, Steps line) => _cells.Build(line, width: ipv6 ? 128 : 32);
}
