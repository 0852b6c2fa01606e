using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli.Explain;

/// <summary>Says step by step what the kernel does with a lookup. Decides nothing by itself: it asks the ruleset.</summary>
internal static class Explainer
{
    private const int MostNamed = 3;

    public static Explanation Explain(KnownSteering steering, Lookup lookup)
    {
        var explanation = ExplainLookup(steering, lookup);
        return steering.IsLocal(lookup.Address) == false
            ? explanation with
            {
                Outcome = LookupOutcome.NotLocal,
                Steps = [$"{lookup.Address} is not local here, by no address of an interface and no route: what is sent there is routed away, and never looked up. If it were, this would follow.", .. explanation.Steps],
            }
            : explanation;
    }

    private static Explanation ExplainLookup(KnownSteering steering, Lookup lookup)
    {
        var ruleset = steering.Ruleset;
        if (lookup.Source is { } source && ruleset.DenySources.Where(prefix => prefix.Contains(source)).Take(1).ToArray() is [var denying])
            return new Explanation(lookup, LookupOutcome.Denied, [$"The client {source} is in DenySources ({denying}): it is refused, before any rule is looked at."]);

        var matches = ruleset.Matches(lookup.Protocol, lookup.Address, lookup.Port).Take(MostNamed + 1).ToArray();
        if (matches is not [var first, .. var others])
            return new Explanation(lookup, LookupOutcome.NoRule, ["No rule matches: the kernel looks for a socket as it always does."]);

        var why = string.Concat(others.Select(other => $" It goes before {Name(steering, other)}, as {first.ReasonBefore(other)}."));
        var decides = $"T{Name(steering, first)[1..]} decides: {Say(first.Rule.Target)}.{why}";
        var explanation = new Explanation(lookup, LookupOutcome.Pass, [decides]) { Match = first, Owner = steering.OwnerOf(first.Rule) };
        return first.Rule.Target.Kind switch
        {
            TargetKind.Pass => explanation,
            TargetKind.Drop => explanation with { Outcome = LookupOutcome.Drop },
            _ => WithSockets(explanation, steering.SocketsOf?.Invoke(first.Rule.Target.Service!, lookup.Protocol, lookup.Address.IsIPv6)),
        };
    }

    private static Explanation WithSockets(Explanation explanation, IReadOnlyList<ulong>? sockets)
    {
        var (service, lookup) = (explanation.Match!.Value.Rule.Target.Service, explanation.Lookup);
        var what = $"{lookup.Protocol.ToString().ToUpperInvariant()} over {(lookup.Address.IsIPv6 ? "IPv6" : "IPv4")}";
        return sockets switch
        {
            null => explanation with
            {
                Outcome = LookupOutcome.Service,
                Steps = [.. explanation.Steps, $"A socket that is registered for the service '{service}' gets it; without one for {what} it is refused."],
            },
            [] => explanation with
            {
                Outcome = LookupOutcome.NoSocket,
                Sockets = sockets,
                Steps = [.. explanation.Steps, $"The service '{service}' has no socket for {what}: it is refused, whoever else listens there. 'steerctl register' gives it one."],
            },
            _ => explanation with
            {
                Outcome = LookupOutcome.Service,
                Sockets = sockets,
                Steps = [.. explanation.Steps, $"The first socket of the service '{service}' for {what} that the kernel takes gets it: {string.Join(", ", sockets.Select(SocketText.Of))}. Of a reuseport group, the group's own selection decides."],
            },
        };
    }

    /// <summary>Rules that are nobody's have names that begin with what made them.</summary>
    private static string Name(KnownSteering steering, RuleMatch match) => match.Rule.Name.Split(": ", 2) switch
    {
        ["guard", var what] => $"the guard rail for the {what}",
        ["own", var key] => $"the guard rail for {key}",
        _ => $"the rule '{match.Rule.Name}'{(steering.OwnerOf(match.Rule) is { } owner ? $" of '{owner}'" : "")} ({match.Prefix}, ports {match.Ports})",
    };

    private static string Say(Target target) => target.Kind switch
    {
        TargetKind.Pass => "it leaves it to the kernel's own lookup",
        TargetKind.Drop => "it refuses it",
        _ => $"it goes to the service '{target.Service}'",
    };
}
