using Everyport.Steering.Rules;
using static Everyport.Steering.Tests.Rulesets;

namespace Everyport.Steering.Tests.Rules;

/// <summary>Which rule decides, in the words of the design.</summary>
public class PrecedenceTests
{
    [Fact]
    public void A_more_specific_prefix_hides_only_the_ports_it_names()
    {
        var ruleset = Create(
            Rule("edge", "198.51.100.0/24"),
            Rule("web", "198.51.100.7/32", "80", target: Target.ToService("nginx")));
        Assert.Equal("web", Decide(ruleset, "198.51.100.7", 80));
        Assert.Equal("edge", Decide(ruleset, "198.51.100.7", 81));
        Assert.Equal("edge", Decide(ruleset, "198.51.100.8", 80));
    }

    [Fact]
    public void A_more_specific_prefix_hides_only_the_protocols_it_names()
    {
        var ruleset = Create(
            Rule("edge", "198.51.100.0/24"),
            Rule("web", "198.51.100.7/32", protocols: Protocols.Tcp, target: Target.Drop));
        Assert.Equal("web", Decide(ruleset, "198.51.100.7", 443));
        Assert.Equal("edge", Decide(ruleset, "198.51.100.7", 443, Protocols.Udp));
    }

    [Fact]
    public void The_longest_prefix_decides_even_with_more_ports()
    {
        var ruleset = Create(
            Rule("one port", "198.51.100.0/24", "80"),
            Rule("all ports", "198.51.100.7/32", target: Target.Drop));
        Assert.Equal("all ports", Decide(ruleset, "198.51.100.7", 80));
        Assert.Equal("one port", Decide(ruleset, "198.51.100.8", 80));
    }

    [Fact]
    public void At_equal_prefix_length_the_narrower_port_range_decides()
    {
        var ruleset = Create(
            Rule("all", "198.51.100.0/24"),
            Rule("many", "198.51.100.0/24", "8000-8999", target: Target.Drop),
            Rule("one", "198.51.100.0/24", "8080", target: Target.Pass));
        Assert.Equal("one", Decide(ruleset, "198.51.100.1", 8080));
        Assert.Equal("many", Decide(ruleset, "198.51.100.1", 8081));
        Assert.Equal("all", Decide(ruleset, "198.51.100.1", 22));
    }

    [Fact]
    public void Each_range_of_a_list_counts_for_itself()
    {
        var ruleset = Create(
            Rule("list", "198.51.100.0/24", "80,1-10000"),
            Rule("range", "198.51.100.0/24", "75-85", target: Target.Drop));
        Assert.Equal("list", Decide(ruleset, "198.51.100.1", 80));
        Assert.Equal("range", Decide(ruleset, "198.51.100.1", 81));
        Assert.Equal("list", Decide(ruleset, "198.51.100.1", 100));
    }

    [Fact]
    public void All_IPv6_leaves_IPv4_alone()
    {
        var ruleset = Create(Rule("v6", "::/0"));
        Assert.Equal("v6", Decide(ruleset, "2001:db8::1", 80));
        Assert.Null(Decide(ruleset, "198.51.100.1", 80));
    }

    [Fact]
    public void Where_no_rule_matches_the_kernel_decides()
    {
        var ruleset = Create(Rule("web", "198.51.100.0/24", "80"));
        Assert.Null(Decide(ruleset, "198.51.100.1", 81));
        Assert.Null(Decide(ruleset, "203.0.113.1", 80));
        Assert.Null(Decide(Ruleset.Empty, "198.51.100.1", 80));
    }

    [Fact]
    public void The_order_in_the_file_does_not_matter()
    {
        Rule[] rules = [Rule("a", "10.0.0.0/8"), Rule("b", "10.1.0.0/16", "1-1000", target: Target.Drop), Rule("c", "10.1.2.0/24", "53", target: Target.Pass)];
        foreach (var ruleset in (Ruleset[])[Create(rules), Create([.. rules.Reverse()])])
        {
            Assert.Equal("c", Decide(ruleset, "10.1.2.3", 53));
            Assert.Equal("b", Decide(ruleset, "10.1.2.3", 54));
            Assert.Equal("a", Decide(ruleset, "10.1.2.3", 1001));
        }
    }

    private static string? Decide(Ruleset ruleset, string address, ushort port, Protocols protocol = Protocols.Tcp)
    {
        Assert.True(Address.TryParse(address, out var parsed));
        return ruleset.Decide(protocol, parsed, port)?.Name;
    }
}
