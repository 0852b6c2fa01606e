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

    /// <summary>Sorts all rules by their prefixes.</summary>
    public static ImmutableArray<PrefixRules> Group(ImmutableArray<Rule> rules)
    {
        var (prefixes, owners) = Sort(rules);
        var groups = ImmutableArray.CreateBuilder<PrefixRules>(prefixes.Length);
        for (var first = 0; first < prefixes.Length;)
        {
            var end = first + 1;
            while (end < prefixes.Length && prefixes[end].Prefix == prefixes[first].Prefix)
                end++;
            groups.Add(new PrefixRules(prefixes[first].Prefix, new ArraySegment<Rule>(owners, first, end - first)));
            first = end;
        }
        return groups.DrainToImmutable();
    }

    /// <summary>Each prefix of each rule, in order; rules of one prefix stay in the order given.</summary>
    private static ((Prefix Prefix, int Rule)[] Prefixes, Rule[] Owners) Sort(ImmutableArray<Rule> rules)
    {
        var entries = new (Prefix Prefix, int Rule)[rules.Sum(rule => rule.Prefixes.Count)];
        var next = 0;
        for (var i = 0; i < rules.Length; i++)
        {
            foreach (var prefix in rules[i].Prefixes)
                entries[next++] = (prefix, i);
        }
        entries.AsSpan().Sort(static (a, b) => a.Prefix.CompareTo(b.Prefix) is not 0 and var order ? order : a.Rule.CompareTo(b.Rule));
        return (entries, Array.ConvertAll(entries, entry => rules[entry.Rule]));
    }
}
