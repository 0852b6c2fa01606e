using System.Collections.Immutable;

namespace Everyport.Steering.Rules;

/// <summary>The rules that share one prefix.</summary>
internal readonly record struct PrefixRules(Prefix Prefix, ArraySegment<Rule> Rules)
{
    /// <summary>Orders by prefix.</summary>
    public static IComparer<PrefixRules> ByPrefixOnly { get; } = Comparer<PrefixRules>.Create((a, b) => a.Prefix.CompareTo(b.Prefix));

    /// <summary>The rule with the narrowest range that holds the port, or null.</summary>
    public Rule? Narrowest(Protocols protocol, ushort port) =>
        Rules.Where(rule => (rule.Protocols & protocol) != 0 && rule.Ports.Narrowest(port) is not null)
             .MinBy(rule => rule.Ports.Narrowest(port)!.Value.Count);

    /// <summary>All rules that hold the port, the one with the narrowest range first.</summary>
    public IEnumerable<RuleMatch> Matches(Protocols protocol, ushort port)
    {
        var prefix = Prefix;
        return Rules
            .Where(rule => (rule.Protocols & protocol) != 0 && rule.Ports.Narrowest(port) is not null)
            .Select(rule => new RuleMatch(rule, prefix, rule.Ports.Narrowest(port)!.Value))
            .OrderBy(match => match.Ports.Count);
    }

    /// <summary>Sorts all rules by their prefixes.</summary>
    public static ImmutableArray<PrefixRules> Group(ImmutableArray<Rule> rules)
    {
        var (prefixes, owners) = Sort(rules);
        var groups = ImmutableArray.CreateBuilder<PrefixRules>(prefixes.Length);
        for (var first = 0; first < prefixes.Length;)
        {
            var end = first + 1;
            while (end < prefixes.Length && prefixes[end] == prefixes[first])
                end++;
            groups.Add(new PrefixRules(prefixes[first], new ArraySegment<Rule>(owners, first, end - first)));
            first = end;
        }
        return groups.DrainToImmutable();
    }

    /// <summary>Each prefix of each rule, in order; rules of one prefix stay in the order given.</summary>
    private static (Prefix[] Prefixes, Rule[] Owners) Sort(ImmutableArray<Rule> rules)
    {
        var count = rules.Sum(rule => rule.Prefixes.Count);
        var prefixes = new Prefix[count];
        var owners = new int[count];
        var next = 0;
        for (var i = 0; i < rules.Length; i++)
        {
            foreach (var prefix in rules[i].Prefixes)
                (prefixes[next], owners[next++]) = (prefix, i);
        }

        // Numbers sort several times faster than prefixes. Prefixes that share a number are put in order
        // by a second pass.
        var keys = Array.ConvertAll(prefixes, SortKey);
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        Array.Sort(keys, order);
        for (var first = 0; first < count;)
        {
            var end = first + 1;
            while (end < count && keys[end] == keys[first])
                end++;
            if (end - first > 1)
                order.AsSpan(first, end - first).Sort((a, b) => prefixes[a].CompareTo(prefixes[b]) is not 0 and var byPrefix ? byPrefix : a.CompareTo(b));
            first = end;
        }
        return (Array.ConvertAll(order, index => prefixes[index]), Array.ConvertAll(order, index => rules[owners[index]]));
    }

    /// <summary>Orders as prefixes do, but for ties: IPv4 by address and length, then IPv6 by the first 63 bits of the address.</summary>
    private static ulong SortKey(Prefix prefix)
    {
        var high = (ulong)(prefix.Address.Bits >> 64);
        return prefix.Address.IsIPv6
            ? 1UL << 63 | high >> 1
            : high >> 2 | (uint)prefix.Length;
    }
}
