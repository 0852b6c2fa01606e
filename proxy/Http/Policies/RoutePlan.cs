using Everyport.Proxy.Metrics;

namespace Everyport.Proxy.Http.Policies;

/// <summary>What one route does with requests that fail, and the breakers of its cluster; metadata of its endpoint.</summary>
internal sealed class RoutePlan(string route, RetryRules rules, ClusterCircuits? circuits, TimeProvider time)
{
    public string Route => route;

    public RetryRules Rules => rules;

    /// <summary>Whether it would be the same with these.</summary>
    public bool IsFor(RetryRules otherRules, ClusterCircuits? otherCircuits) => circuits == otherCircuits && rules.IsSame(otherRules);

    public RetryBudget Budget { get; } = new(rules.Budget);

    public ClusterCircuits? Circuits => circuits;

    /// <summary>Of retries in the log.</summary>
    public OncePerSecond Log { get; } = new(time);
}
