namespace Everyport.Steering.Rules;

/// <summary>A rule that matches a lookup, and by what of it.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Prefix">The one of its prefixes that holds the address.</param>
/// <param name="Ports">The narrowest of its ranges that holds the port.</param>
public readonly record struct RuleMatch(Rule Rule, Prefix Prefix, PortRange Ports)
{
    /// <summary>Why this one goes before another that matches the same, as a clause.</summary>
    public string ReasonBefore(RuleMatch other) =>
        Prefix.Length != other.Prefix.Length ? "its prefix is longer"
        : Ports.Count != other.Ports.Count ? "its ports are narrower"
        : "both do the same";
}
