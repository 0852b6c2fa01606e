using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli;

/// <summary>Rulesets with one rule more or less. Names are compared without case, as in configuration.</summary>
internal static class Rulesets
{
    /// <summary>The rule takes the place of the one of its name.</summary>
    /// <exception cref="BadInputException">It contradicts another one.</exception>
    public static Ruleset With(Ruleset rules, Rule added)
    {
        var before = rules.Rules.FirstOrDefault(rule => HasName(rule, added.Name));
        return Create(before is null ? [.. rules.Rules, added] : rules.Rules.Replace(before, added), rules);
    }

    /// <summary>Without the rule of a name.</summary>
    public static Ruleset Without(Ruleset rules, string name) => Create(rules.Rules.Where(rule => !HasName(rule, name)), rules);

    /// <summary>Without what matches the same and has the same target, whatever its name.</summary>
    /// <exception cref="BadInputException">What matches the same has another target.</exception>
    public static Ruleset Without(Ruleset rules, Rule removed)
    {
        Rule[] same = [.. rules.Rules.Where(rule => MatchSame(rule, removed))];
        return same.FirstOrDefault(rule => rule.Target != removed.Target) is { } other && !same.Any(rule => rule.Target == removed.Target)
            ? throw new BadInputException($"There is no such rule; what matches the same is '{RuleText.Of(other)}'. 'steerctl unbind --name' removes that.")
            : Create(rules.Rules.Except(same.Where(rule => rule.Target == removed.Target)), rules);
    }

    private static bool HasName(Rule rule, string name) => rule.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool MatchSame(Rule a, Rule b) => a.Protocols == b.Protocols && a.Ports.Equals(b.Ports) && a.Prefixes.Order().SequenceEqual(b.Prefixes.Order());

    private static Ruleset Create(IEnumerable<Rule> rules, Ruleset before) =>
        Ruleset.TryCreate(rules, before.DenySources, out var created, out var errors)
            ? created
            : throw new BadInputException($"The rules contradict each other: {string.Join("; ", errors)}.");
}
