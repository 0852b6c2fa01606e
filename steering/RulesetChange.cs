using System.Collections.Immutable;
using Everyport.Steering.Rules;

namespace Everyport.Steering;

/// <summary>How the rules of one owner differ from what they were; a rule is known by its name.</summary>
public sealed record RulesetChange
{
    /// <summary>Rules that were not there.</summary>
    public required ImmutableArray<Rule> Added { get; init; }

    /// <summary>Rules that are no longer there.</summary>
    public required ImmutableArray<Rule> Removed { get; init; }

    /// <summary>Rules that say something else now.</summary>
    public required ImmutableArray<(Rule Before, Rule After)> Changed { get; init; }

    /// <summary>Clients that are refused now.</summary>
    public required ImmutableArray<Prefix> AddedDenySources { get; init; }

    /// <summary>Clients that are no longer refused.</summary>
    public required ImmutableArray<Prefix> RemovedDenySources { get; init; }

    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty && Changed.IsEmpty && AddedDenySources.IsEmpty && RemovedDenySources.IsEmpty;

    /// <summary>Compares two rulesets of one owner. The order of rules, prefixes and port ranges means nothing.</summary>
    public static RulesetChange Between(Ruleset before, Ruleset after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var old = ByName(before);
        var added = ImmutableArray.CreateBuilder<Rule>();
        var changed = ImmutableArray.CreateBuilder<(Rule, Rule)>();
        foreach (var rule in ByName(after).Values)
        {
            if (!old.Remove(rule.Name, out var was))
                added.Add(rule);
            else if (!IsSame(was, rule))
                changed.Add((was, rule));
        }
        return new RulesetChange
        {
            Added = added.DrainToImmutable(),
            Removed = [.. before.Rules.Where(rule => old.ContainsKey(rule.Name))],
            Changed = changed.DrainToImmutable(),
            AddedDenySources = [.. after.DenySources.Except(before.DenySources)],
            RemovedDenySources = [.. before.DenySources.Except(after.DenySources)],
        };
    }

    /// <exception cref="SteeringException">Two rules have one name.</exception>
    private static Dictionary<string, Rule> ByName(Ruleset ruleset)
    {
        var rules = new Dictionary<string, Rule>(ruleset.Rules.Length, StringComparer.OrdinalIgnoreCase);
        foreach (var rule in ruleset.Rules)
        {
            if (!rules.TryAdd(rule.Name, rule))
                throw new SteeringException($"Cannot publish the rules: two of them have the name '{rule.Name}', and each needs one of its own.");
        }
        return rules;
    }

    private static bool IsSame(Rule a, Rule b) =>
        a.Protocols == b.Protocols && a.Target == b.Target && a.Ports.Equals(b.Ports)
        && (a.Prefixes.SequenceEqual(b.Prefixes) || a.Prefixes.ToHashSet().SetEquals(b.Prefixes));
}
