using Everyport.Steering.Rules;

namespace Everyport.Proxy.Explain;

/// <summary>What steering does.</summary>
internal static class RuleSteps
{
    private const int MostNamed = 3;

    /// <summary>The end, where it does not reach the proxy; otherwise null.</summary>
    public static Explanation? Explain(Ruleset ruleset, Question question, Way way)
    {
        if (question.Source is { } source && ruleset.DenySources.Where(prefix => prefix.Contains(source)).Take(1).ToArray() is [var denying])
        {
            way.Add($"The client {source} is in Steering:DenySources ({denying}): it is refused, before any rule is looked at.");
            return way.End(ExplainedOutcome.Denied);
        }

        var matches = ruleset.Matches(question.Protocol, question.Destination.Address, question.Destination.Port).Take(MostNamed + 1).ToArray();
        if (matches is not [var first, .. var others])
        {
            way.Add("No rule matches: the kernel looks for a socket as it always does.");
            return way.End(ExplainedOutcome.NoRule);
        }
        way.Rule = first.Rule.Name;
        way.Add($"T{Name(first)[1..]} decides: {Say(first.Rule.Target)}.{string.Concat(others.Select(other => $" It goes before {Name(other)}, as {first.ReasonBefore(other)}."))}");
        return first.Rule.Target switch
        {
            { Kind: TargetKind.Pass } => way.End(ExplainedOutcome.Pass),
            { Kind: TargetKind.Drop } => way.End(ExplainedOutcome.Drop),
            { Service: Target.ProxyService } => null,
            var target => way.End(ExplainedOutcome.Service) with { Service = target.Service },
        };
    }

    /// <summary>Rules that are nobody's have names that begin with what made them.</summary>
    private static string Name(RuleMatch match) => match.Rule.Name.Split(": ", 2) switch
    {
        ["guard", var what] => $"the guard rail for the {what}",
        ["own", var key] => $"the guard rail for {key}",
        _ => $"the rule '{match.Rule.Name}' ({match.Prefix}, ports {match.Ports})",
    };

    private static string Say(Target target) => target.Kind switch
    {
        TargetKind.Pass => "it leaves it to the kernel's own lookup",
        TargetKind.Drop => "it refuses it",
        _ => target == Target.Proxy ? "it goes to the proxy" : $"it goes to the service '{target.Service}', or is refused where that has no socket",
    };
}
