using Everyport.Steering.Rules;
using static Everyport.Steering.Tests.Rulesets;

namespace Everyport.Steering.Tests.Rules;

/// <summary>Rules that no precedence tells apart are an error that names both.</summary>
public class RuleConflictTests
{
    [Fact]
    public void Two_targets_for_the_same_prefix_and_ports_are_an_error_that_names_both() =>
        Assert.Equal(
            [
                "rules 'a' (Proxy) and 'b' (Service postfix) match TCP 198.51.100.0/24 ports 25 with equal precedence; "
                + "narrow the ports or the prefix of one of them",
            ],
            Conflicts(
                Rule("a", "198.51.100.0/24", "25"),
                Rule("b", "198.51.100.0/24", "25", Protocols.Tcp, Target.ToService("postfix"))));

    [Fact]
    public void Ranges_of_one_size_that_overlap_are_both_told()
    {
        var conflict = Assert.Single(Conflicts(
            Rule("low", "10.0.0.0/8", "80-90", Protocols.Udp),
            Rule("high", "10.0.0.0/8", "90-100", Protocols.Udp, Target.Drop)));
        Assert.Contains("'low'", conflict, StringComparison.Ordinal);
        Assert.Contains("'high'", conflict, StringComparison.Ordinal);
        Assert.Contains("ports 80-90 and 90-100", conflict, StringComparison.Ordinal);
    }

    [Fact]
    public void One_conflict_is_told_for_each_protocol() =>
        Assert.Equal(2, Conflicts(Rule("a", "10.0.0.0/8"), Rule("b", "10.0.0.0/8", target: Target.Drop)).Count);

    [Fact]
    public void Every_pair_is_told() =>
        Assert.Equal(
            3,
            Conflicts(
                Rule("a", "::/0", "53", Protocols.Udp),
                Rule("b", "::/0", "53", Protocols.Udp, Target.Drop),
                Rule("c", "::/0", "53", Protocols.Udp, Target.Pass)).Count);

    [Fact]
    public void An_overlap_with_one_target_is_no_conflict() =>
        Assert.Empty(Conflicts(Rule("a", "10.0.0.0/8", "80-90"), Rule("b", "10.0.0.0/8", "85-95")));

    [Fact]
    public void Neighbouring_ranges_are_no_conflict() =>
        Assert.Empty(Conflicts(Rule("a", "10.0.0.0/8", "80-89"), Rule("b", "10.0.0.0/8", "90-99", target: Target.Drop)));

    [Fact]
    public void Different_sizes_protocols_or_prefixes_are_no_conflict()
    {
        Assert.Empty(Conflicts(Rule("a", "10.0.0.0/8", "80-90"), Rule("b", "10.0.0.0/8", "80-91", target: Target.Drop)));
        Assert.Empty(Conflicts(Rule("a", "10.0.0.0/8", "53", Protocols.Tcp), Rule("b", "10.0.0.0/8", "53", Protocols.Udp, Target.Drop)));
        Assert.Empty(Conflicts(Rule("a", "10.0.0.0/8", "53"), Rule("b", "10.0.0.0/9", "53", target: Target.Drop)));
    }

    private static IReadOnlyList<string> Conflicts(params Rule[] rules)
    {
        var created = Ruleset.TryCreate(rules, out _, out var conflicts);
        Assert.Equal(conflicts.Count == 0, created);
        return conflicts;
    }
}
