namespace Everyport.Steering.Rules;

/// <summary>Finds rules of one prefix that no precedence tells apart.</summary>
internal static class RuleConflicts
{
    private const int MaxNamed = 100;

    /// <summary>
    /// Adds a message for each pair of ranges that have the same size, overlap on protocol and port, and differ
    /// in target.
    /// </summary>
    public static void Find(PrefixRules group, Func<Rule, string> nameOf, List<string> conflicts)
    {
        if (group.Rules.Count < 2 || group.Rules.All(rule => rule.Target == group.Rules[0].Target))
            return;

        foreach (var protocol in (ReadOnlySpan<Protocols>)[Protocols.Tcp, Protocols.Udp])
        {
            var ranges = group.Rules
                .Where(rule => (rule.Protocols & protocol) != 0)
                .SelectMany(rule => rule.Ports, (rule, range) => (Rule: rule, Range: range))
                .OrderBy(entry => entry.Range.Count).ThenBy(entry => entry.Range.First)
                .ToArray();

            // Ranges of one size, in order: only neighbours that begin before this one ends can overlap it.
            for (var i = 0; i < ranges.Length; i++)
            {
                for (var j = i + 1; j < ranges.Length && ranges[j].Range.Count == ranges[i].Range.Count && ranges[j].Range.First <= ranges[i].Range.Last; j++)
                {
                    if (ranges[i].Rule.Target != ranges[j].Rule.Target && conflicts.Count < MaxNamed)
                        conflicts.Add(Message(group.Prefix, protocol, nameOf, ranges[i], ranges[j]));
                }
            }
        }
    }

    private static string Message(Prefix prefix, Protocols protocol, Func<Rule, string> nameOf, (Rule Rule, PortRange Range) a, (Rule Rule, PortRange Range) b)
    {
        var ports = a.Range == b.Range ? $"ports {a.Range}" : $"ports {a.Range} and {b.Range}";
        var what = protocol == Protocols.Tcp ? "TCP" : "UDP";
        return $"rules {nameOf(a.Rule)} ({a.Rule.Target}) and {nameOf(b.Rule)} ({b.Rule.Target}) match {what} {prefix} {ports} "
            + "with equal precedence; narrow the ports or the prefix of one of them";
    }
}
