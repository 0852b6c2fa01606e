using System.Collections.Immutable;
using Everyport.Steering.Counters;
using Everyport.Steering.Rules;

namespace Everyport.Steering;

/// <summary>A pinned steering at one time, as <see cref="SteeringControl.Read"/> found it: for status, explanations and metrics.</summary>
public sealed class SteeringSnapshot
{
    private readonly Lazy<Ruleset> _effective;
    private readonly Func<ulong[]?> _readPorts;

    internal SteeringSnapshot(Func<Ruleset> effective, Func<ulong[]?> readPorts) => (_effective, _readPorts) = (new Lazy<Ruleset>(effective), readPorts);

    /// <summary>The directory that it is pinned in.</summary>
    public required string PinPath { get; init; }

    /// <summary>The version of the layout of its maps; <see cref="SteeringControl.Layout"/> is that of this program.</summary>
    public required int Layout { get; init; }

    /// <summary>The number of the program that decides.</summary>
    public required uint Program { get; init; }

    /// <summary>Whether the program is attached to its namespace. Null where that cannot be seen: only those who may change the steering may open the link.</summary>
    public required bool? Attached { get; init; }

    /// <summary>The inode of the namespace that it steers; null where <see cref="Attached"/> is not true.</summary>
    public required uint? NamespaceInode { get; init; }

    /// <summary>Whether it was loaded to stay until it is unloaded, and does not go with the last that uses it.</summary>
    public required bool IsKept { get; init; }

    /// <summary>The rules by who has published them.</summary>
    public required ImmutableDictionary<string, Ruleset> RulesByOwner { get; init; }

    /// <summary>The rules that guard rails have added.</summary>
    public required ImmutableArray<Rule> Guards { get; init; }

    /// <summary>The local routes that were added for the rules.</summary>
    public required ImmutableArray<Prefix> LocalRoutes { get; init; }

    /// <summary>Each service that a rule or a socket has named: one entry for TCP, one for UDP, in the order of their names.</summary>
    public required ImmutableArray<ServiceSnapshot> Services { get; init; }

    /// <summary>What happened to the lookups that no service got.</summary>
    public required NamespaceCounters Totals { get; init; }

    /// <summary>How often each rule has decided a lookup; null where rules are not counted, or are more than <see cref="SteeringOptions.MostCountedRules"/>.</summary>
    public required ImmutableDictionary<RuleName, ulong>? RuleHits { get; init; }

    /// <summary>The same of one rule; the owner of those of guard rails is empty.</summary>
    public ulong? HitsOf(string owner, Rule rule) => RuleHits is { } hits && hits.TryGetValue(new RuleName(owner, rule.Name), out var count) ? count : null;

    /// <summary>Whether the rules of all owners are more than are counted.</summary>
    public bool IsBeyondCounting => RulesByOwner.Values.Sum(owned => owned.Rules.Length) > SteeringOptions.MostCountedRules;

    /// <summary>The rules of all owners and of the guard rails as one, which is what decides. Made when it is asked for first.</summary>
    public Ruleset Effective => _effective.Value;

    /// <summary>How many lookups of each port were steered until now, 65,536 numbers; null where the steering is gone or its maps have another layout.</summary>
    public ulong[]? ReadPorts() => _readPorts();
}
