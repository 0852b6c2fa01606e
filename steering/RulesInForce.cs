using System.Collections.Immutable;
using Everyport.Steering.Counters;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;

namespace Everyport.Steering;

/// <summary>The rules that decide at one time, and whose they are.</summary>
public sealed class RulesInForce
{
    private readonly ImmutableDictionary<string, Ruleset> _byOwner;
    private readonly ImmutableArray<Rule> _guards;

    internal RulesInForce(Ruleset ruleset, ImmutableDictionary<string, Ruleset> byOwner, ImmutableArray<Rule> guards) =>
        (Ruleset, _byOwner, _guards) = (ruleset, byOwner, guards);

    internal static RulesInForce None { get; } = new(Ruleset.Empty, ImmutableDictionary<string, Ruleset>.Empty, []);

    internal static RulesInForce Of(PinnedState state) => new(state.Effective, state.Rules, state.Guards) { Numbers = state.RuleNumbers };

    /// <summary>All of them as one.</summary>
    public Ruleset Ruleset { get; }

    /// <summary>By what they are counted; null where they are not.</summary>
    internal ImmutableDictionary<RuleName, int>? Numbers { get; init; }

    internal RulesInForce CountedBy(CountedRules? counted) => new(Ruleset, _byOwner, _guards) { Numbers = counted?.Numbers };

    /// <summary>How many there are without those of guard rails.</summary>
    internal int OwnedCount => _byOwner.Values.Sum(owned => owned.Rules.Length);

    /// <summary>Each rule, and what it is counted under; those of guard rails come last.</summary>
    public IEnumerable<(Rule Rule, RuleName Name)> WithOwners() =>
        _byOwner.OrderBy(owned => owned.Key, StringComparer.Ordinal)
            .SelectMany(owned => owned.Value.Rules, (owned, rule) => (rule, new RuleName(owned.Key, rule.Name)))
            .Concat(_guards.Select(rule => (rule, new RuleName("", rule.Name))));
}
