using System.Collections.Immutable;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;

namespace Everyport.Steering;

/// <summary>What came with a ruleset when it was put in force, for the log.</summary>
/// <param name="Guards">Rules that guard rails have added.</param>
/// <param name="SkippedRoutes">Local routes that were left out.</param>
public sealed record Publication(ImmutableArray<Rule> Guards, IReadOnlyList<SkippedRoute> SkippedRoutes)
{
    /// <summary>Whether it has taken over a pinned steering that another process had left or was using.</summary>
    public bool TookOver { get; init; }
}
