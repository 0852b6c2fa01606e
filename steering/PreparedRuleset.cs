using System.Collections.Immutable;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering;

/// <summary>
/// A ruleset that is compiled and loaded, and waits to be put in force: so that what changes together with it can be made ready
/// as well, and then all is switched at once. Whoever does not publish it disposes of it.
/// </summary>
public sealed class PreparedRuleset : IDisposable
{
    private readonly AttachedSteering _steering;
    private Generation? _generation;

    internal PreparedRuleset(
        AttachedSteering steering, Ruleset asked, RulesInForce rules, SteeringOptions options, ImmutableArray<Rule> guards, Generation generation) =>
        (_steering, Asked, Rules, Options, Guards, _generation) = (steering, asked, rules, options, guards, generation);

    /// <summary>Without what has been added to it.</summary>
    internal Ruleset Asked { get; }

    /// <summary>With the program's own rules, those of others, and those of the guard rails.</summary>
    internal RulesInForce Rules { get; }

    /// <summary>What was in force when it was prepared, where the steering is not pinned: it counts on by the numbers of those rules.</summary>
    internal RulesInForce? Before { get; init; }

    internal SteeringOptions Options { get; }

    internal ImmutableArray<Rule> Guards { get; }

    /// <summary>What it was made for where the steering is pinned; null elsewhere.</summary>
    internal PinnedPlan? Plan { get; init; }

    /// <summary>The prefixes that have to be local for it.</summary>
    internal IReadOnlyCollection<Prefix> Routes { get; init; } = [];

    /// <summary>
    /// Puts it in force in one atomic step: every lookup sees what was in force before, or this. Where this throws, that is untouched.
    /// </summary>
    /// <exception cref="SteeringException">A route cannot be added, or the link is gone.</exception>
    public Publication Publish() => _steering.PutInForce(this);

    /// <summary>Gives it up, where it has not been published.</summary>
    public void Dispose()
    {
        if (_generation is null)
            return;
        _generation.Dispose();
        Plan?.Drop();
    }

    /// <summary>Gives the generation away, to whoever owns it from now on.</summary>
    internal Generation Take() => Interlocked.Exchange(ref _generation, null) ?? throw new InvalidOperationException("It has been published before.");
}
