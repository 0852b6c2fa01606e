using System.Collections.Immutable;

namespace Everyport.Steering.Rules;

/// <summary>
/// All rules of a namespace, validated as one. A ruleset never changes; publishing another replaces it whole.
/// Precedence: the longest prefix that has the protocol and port; at equal length, the narrower port range.
/// </summary>
public sealed class Ruleset
{
    private Ruleset(ImmutableArray<Rule> rules, ImmutableArray<PrefixRules> byPrefix, ImmutableArray<Prefix> denySources) =>
        (Rules, ByPrefix, DenySources) = (rules, byPrefix, denySources);

    /// <summary>No rule: every lookup is the kernel's.</summary>
    public static Ruleset Empty { get; } = new([], [], []);

    /// <summary>The rules as given.</summary>
    public ImmutableArray<Rule> Rules { get; }

    /// <summary>Clients that are refused before any rule is looked at.</summary>
    public ImmutableArray<Prefix> DenySources { get; }

    /// <summary>Each prefix once, ordered so that a prefix comes before those inside it.</summary>
    internal ImmutableArray<PrefixRules> ByPrefix { get; }

    /// <summary>
    /// Makes a ruleset of rules that do not contradict each other. On failure <paramref name="errors"/> names
    /// every pair that matches the same lookups with equal precedence and different targets.
    /// </summary>
    public static bool TryCreate(IEnumerable<Rule> rules, out Ruleset ruleset, out IReadOnlyList<string> errors) =>
        TryCreate(rules, [], out ruleset, out errors);

    /// <summary>The same, with clients that are refused whatever the rules say.</summary>
    public static bool TryCreate(
        IEnumerable<Rule> rules, IEnumerable<Prefix> denySources, out Ruleset ruleset, out IReadOnlyList<string> errors) =>
        TryCreate(rules, denySources, rule => $"'{rule.Name}'", out ruleset, out errors);

    /// <summary>The same, with a way to name rules in errors.</summary>
    internal static bool TryCreate(
        IEnumerable<Rule> rules, IEnumerable<Prefix> denySources, Func<Rule, string> nameOf, out Ruleset ruleset, out IReadOnlyList<string> errors)
    {
        ImmutableArray<Rule> all = [.. rules];
        var byPrefix = PrefixRules.Group(all);
        var conflicts = new List<string>();
        foreach (var group in byPrefix)
            RuleConflicts.Find(group, nameOf, conflicts);

        errors = conflicts;
        ruleset = conflicts.Count == 0 ? new Ruleset(all, byPrefix, [.. denySources.Order()]) : Empty;
        return conflicts.Count == 0;
    }

    /// <summary>
    /// The rule that decides a lookup, or null where none matches. Searches once for each prefix length: for
    /// explaining to people and for preparing a publication, not for traffic.
    /// </summary>
    public Rule? Decide(Protocols protocol, Address address, ushort port)
    {
        foreach (var group in Around(address))
        {
            if (group.Narrowest(protocol, port) is { } rule)
                return rule;
        }
        return null;
    }

    /// <summary>Every rule that matches a lookup, by the prefix and the ports that match: the first one decides, and each goes before the next.</summary>
    public IEnumerable<RuleMatch> Matches(Protocols protocol, Address address, ushort port) =>
        from @group in Around(address)
        from match in @group.Matches(protocol, port)
        select match;

    /// <summary>Whether a client is refused before any rule.</summary>
    public bool Denies(Address source) => DenySources.Any(prefix => prefix.Contains(source));

    /// <summary>The prefixes that contain an address, the longest first.</summary>
    internal IEnumerable<PrefixRules> Around(Address address)
    {
        for (var length = address.Width; length >= 0; length--)
        {
            var index = ByPrefix.BinarySearch(new PrefixRules(new Prefix(address, length), []), PrefixRules.ByPrefixOnly);
            if (index >= 0)
                yield return ByPrefix[index];
        }
    }
}
