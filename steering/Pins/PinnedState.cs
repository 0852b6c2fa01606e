using System.Collections.Immutable;
using Everyport.Steering.Counters;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Pins;

/// <summary>What is kept beside the maps of a pinned steering, so that others can tell what they hold.</summary>
internal sealed record PinnedState
{
    /// <summary>The version of the layout of the maps; see <see cref="TableLayout.Version"/>.</summary>
    public required int Layout { get; init; }

    /// <summary>How many slots of the sockets map belong to a service: who has another layout can still tell whose they are.</summary>
    public required int SlotsPerService { get; init; }

    /// <summary>The number of the program that this state was written for.</summary>
    public uint Program { get; init; }

    /// <summary>The inode of the namespace that it steers, for those who may not open the link; 0 where an older program has written it.</summary>
    public ulong Namespace { get; init; }

    /// <summary>Whether the steering was loaded to stay, and does not go with the last that uses it.</summary>
    public bool IsKept { get; init; }

    /// <summary>The numbers of services.</summary>
    public ImmutableDictionary<string, int> Services { get; init; } = ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>The rules by who has published them. Nobody changes those of others.</summary>
    public ImmutableDictionary<string, Ruleset> Rules { get; init; } = ImmutableDictionary.Create<string, Ruleset>(StringComparer.Ordinal);

    /// <summary>What owners have chosen; who is missing wants <see cref="OwnerChoices.Default"/>.</summary>
    public ImmutableDictionary<string, OwnerChoices> Choices { get; init; } = ImmutableDictionary.Create<string, OwnerChoices>(StringComparer.Ordinal);

    /// <summary>The rules that guard rails have added, for all of them.</summary>
    public ImmutableArray<Rule> Guards { get; init; } = [];

    /// <summary>The numbers by which rules are counted; null where they are not.</summary>
    public ImmutableDictionary<RuleName, int>? RuleNumbers { get; init; }

    /// <summary>The local routes that were added, and have to go with the last that wants them.</summary>
    public ImmutableArray<Prefix> Routes { get; init; } = [];

    /// <summary>Where there is none yet.</summary>
    public static PinnedState New { get; } = new() { Layout = TableLayout.Version, SlotsPerService = TableLayout.SlotsPerService };

    /// <summary>The rules of all, as one.</summary>
    public Ruleset AllRules => OwnedRules.Combine(Rules, []);

    /// <summary>What decides: the rules of all, and those of the guard rails.</summary>
    public Ruleset Effective => OwnedRules.Combine(Rules, Guards);

    /// <summary>The prefixes that have to be local.</summary>
    public IEnumerable<Prefix> WantedRoutes => Rules.Where(owned => ChoicesOf(owned.Key).LocalRoutes).SelectMany(owned => LocalRoutes.Wanted(owned.Value)).Distinct();

    /// <summary>The rules whose owners have chosen something.</summary>
    public Func<Rule, bool> RulesOfThoseWho(Func<OwnerChoices, bool> chose)
    {
        var others = Rules.Where(owned => !chose(ChoicesOf(owned.Key))).SelectMany(owned => owned.Value.Rules).ToHashSet<Rule>(ReferenceEqualityComparer.Instance);
        return others.Count == 0 ? _ => true : rule => !others.Contains(rule);
    }

    public OwnerChoices ChoicesOf(string owner) => Choices.GetValueOrDefault(owner, OwnerChoices.Default);

    public PinnedState With(string owner, Ruleset rules, OwnerChoices choices) => this with
    {
        Rules = Rules.SetItem(owner, rules),
        Choices = Choices.SetItem(owner, choices),
    };

    public PinnedState Without(string owner) => this with { Rules = Rules.Remove(owner), Choices = Choices.Remove(owner) };
}
