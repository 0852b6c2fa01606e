using System.Collections.Immutable;

namespace Everyport.Steering.Rules;

/// <summary>
/// All rules of a namespace, validated as one. A ruleset never changes; publishing another replaces it whole.
/// Precedence: the longest prefix that has the protocol and port; at equal length, the narrower port range.
/// </summary>
public sealed class Ruleset
{
    private Ruleset(ImmutableArray<Rule> rules, ImmutableArray<PrefixRules> byPrefix) =>
        (Rules, ByPrefix) = (rules, byPrefix);

    /// <summary>No rule: every lookup is the kernel's.</summary>
    public static Ruleset Empty { get; } = new([], []);

    /// <summary>The rules as given.</summary>
    public ImmutableArray<Rule> Rules { get; }

    /// <summary>Each prefix once, ordered so that a prefix comes before those inside it.</summary>
    internal ImmutableArray<PrefixRules> ByPrefix { get; }

    /// <summary>
    /// Makes a ruleset of rules that do not contradict each other. On failure <paramref name="errors"/> names
    /// every pair that matches the same lookups with equal precedence and different targets.
    /// </summary>
    public static bool TryCreate(IEnumerable<Rule> rules, out Ruleset ruleset, out IReadOnlyList<string> errors)
    {
        ImmutableArray<Rule> all = [.. rules];
        var byPrefix = PrefixRules.Group(all);
        var conflicts = new List<string>();
        foreach (var group in byPrefix)
            RuleConflicts.Find(group, conflicts);

        errors = conflicts;
        ruleset = conflicts.Count == 0 ? new Ruleset(all, byPrefix) : Empty;
        return conflicts.Count == 0;
    }

    /// <summary>
    /// The rule that decides a lookup, or null where none matches. Looks at every prefix: for explaining to people,
    /// not for traffic.
    /// </summary>
    public Rule? Decide(Protocols protocol, Address address, ushort port)
    {
        for (var i = ByPrefix.Length - 1; i >= 0; i--)
        {
            // From the back, the first prefix that contains the address is the longest one.
            if (ByPrefix[i].Prefix.Contains(address) && ByPrefix[i].Narrowest(protocol, port) is { } rule)
                return rule;
        }
        return null;
    }
}
