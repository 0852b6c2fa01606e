namespace Everyport.Steering.Counters;

/// <summary>What a rule is counted under. Rules that share it are counted together.</summary>
/// <param name="Owner">Who has published it; empty for a rule of a guard rail.</param>
/// <param name="Name">Its name.</param>
public readonly record struct RuleName(string Owner, string Name);
