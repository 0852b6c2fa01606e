namespace Everyport.Steering.Counters;

/// <summary>What happened to the lookups that no service got, since steering began.</summary>
/// <param name="Passed">Left to the normal lookup by a rule. What no rule matches is not counted.</param>
/// <param name="Dropped">Refused by a rule.</param>
/// <param name="Denied">Refused for the client's address, before any rule.</param>
public readonly record struct NamespaceCounters(ulong Passed, ulong Dropped, ulong Denied)
{
    /// <summary>The sum of both.</summary>
    public static NamespaceCounters operator +(NamespaceCounters a, NamespaceCounters b) =>
        new(a.Passed + b.Passed, a.Dropped + b.Dropped, a.Denied + b.Denied);

    /// <summary>The sum of both.</summary>
    public static NamespaceCounters Add(NamespaceCounters left, NamespaceCounters right) => left + right;
}
