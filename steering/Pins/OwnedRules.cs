using Everyport.Steering.Rules;

namespace Everyport.Steering.Pins;

/// <summary>Makes one ruleset of those of several owners.</summary>
internal static class OwnedRules
{
    /// <exception cref="SteeringException">Two of the rules contradict each other; the message names both and, where they differ, their owners.</exception>
    public static Ruleset Combine(IReadOnlyDictionary<string, Ruleset> byOwner, IEnumerable<Rule> more)
    {
        if (byOwner.Count == 1 && more.TryGetNonEnumeratedCount(out var count) && count == 0)
            return byOwner.Values.Single(); // it was validated when it was made
        var rules = byOwner.OrderBy(owned => owned.Key, StringComparer.Ordinal).SelectMany(owned => owned.Value.Rules).Concat(more);
        var denied = byOwner.Values.SelectMany(ruleset => ruleset.DenySources).Distinct();
        return Ruleset.TryCreate(rules, denied, rule => NameOf(rule, byOwner), out var all, out var errors)
            ? all
            : throw new SteeringException($"Cannot publish the rules: {string.Join("; ", errors)}.");
    }

    private static string NameOf(Rule rule, IReadOnlyDictionary<string, Ruleset> byOwner)
    {
        var owner = byOwner.Count > 1 ? byOwner.FirstOrDefault(owned => owned.Value.Rules.Any(one => ReferenceEquals(one, rule))).Key : null;
        return owner is null ? $"'{rule.Name}'" : $"'{rule.Name}' of '{owner}'";
    }
}
