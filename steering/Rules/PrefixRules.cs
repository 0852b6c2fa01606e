using System.Collections.Immutable;

namespace Everyport.Steering.Rules;

/// <summary>The rules that share one prefix.</summary>
internal readonly record struct PrefixRules(Prefix Prefix, ImmutableArray<Rule> Rules)
{
    /// <summary>The rule with the narrowest range that holds the port, or null.</summary>
    public Rule? Narrowest(Protocols protocol, ushort port) =>
        Rules.Where(rule => (rule.Protocols & protocol) != 0 && rule.Ports.Narrowest(port) is not null)
             .MinBy(rule => rule.Ports.Narrowest(port)!.Value.Count);

    /// <summary>Orders by prefix.</summary>
    public static IComparer<PrefixRules> ByPrefixOnly { get; } = Comparer<PrefixRules>.Create((a, b) => a.Prefix.CompareTo(b.Prefix));

    /// <summary>Sorts all rules by their prefixes.</summary>
    public static ImmutableArray<PrefixRules> Group(ImmutableArray<Rule> rules)
    {
        var count = rules.Sum(rule => rule.Prefixes.Count);
        var prefixes = new Prefix[count];
        var owners = new Rule[count];
        var next = 0;
        foreach (var rule in rules)
        {
            foreach (var prefix in rule.Prefixes)
                (prefixes[next], owners[next++]) = (prefix, rule);
        }
        Array.Sort(prefixes, owners);

        var groups = ImmutableArray.CreateBuilder<PrefixRules>(count);
        for (var first = 0; first < count;)
        {
            var end = first + 1;
            while (end < count && prefixes[end] == prefixes[first])
                end++;
            groups.Add(new PrefixRules(prefixes[first], ImmutableArray.Create(owners, first, end - first)));
            first = end;
        }
        return groups.DrainToImmutable();
    }
}
