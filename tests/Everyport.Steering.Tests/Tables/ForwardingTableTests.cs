using CsCheck;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Tests.Tables;

/// <summary>The compiled table, walked in C#, against the obvious reading of the rules.</summary>
public class ForwardingTableTests
{
    private const int LookupsPerRuleset = 200;

    [Fact]
    public void The_table_decides_as_the_rules_do() =>
        RandomRulesets.Rulesets.Select(RandomRulesets.Lookups(LookupsPerRuleset)).Sample(
            (rules, lookups) =>
            {
                var ruleset = Rulesets.Create(rules);
                var services = new Dictionary<string, int>();
                var table = TableCompiler.Compile(ruleset, name => services.TryAdd(name, services.Count) ? services.Count - 1 : services[name]);
                foreach (var lookup in RandomRulesets.Near(rules, lookups))
                {
                    var expected = ReferenceMatcher.Decide(rules, lookup);
                    var verdict = table.Decide(lookup.Protocol == Protocols.Udp, lookup.Address, lookup.Port);
                    Assert.Equal(expected, Verdicts.ToTarget(verdict, services));
                }
            },
            iter: 300);

    [Fact]
    public void A_rule_for_everything_needs_no_cell()
    {
        var ruleset = Rulesets.Create(Rulesets.Rule("all", "0.0.0.0/0"), Rulesets.Rule("all6", "::/0"));
        Assert.Equal(0, TableCompiler.Compile(ruleset, _ => 0).CellCount);
    }

    /// <summary>The example of ARCHITECTURE.md: two skips, and two pages of 16 cells.</summary>
    [Fact]
    public void A_port_of_one_address_inside_a_prefix_takes_34_cells()
    {
        var table = TableCompiler.Compile(
            Rulesets.Create(Rulesets.Rule("all", "10.0.0.0/8"), Rulesets.Rule("one", "10.1.2.3/32", "80", target: Target.Drop)), _ => 0);
        Assert.Equal(34, table.CellCount);
        Assert.Equal(TableLayout.Drop, table.Decide(udp: false, Steering.Rules.Address.FromIPv4(0x0A010203), 80));
        Assert.Equal(TableLayout.FirstService, table.Decide(udp: false, Steering.Rules.Address.FromIPv4(0x0A010203), 443));
        Assert.Equal(TableLayout.FirstService, table.Decide(udp: false, Steering.Rules.Address.FromIPv4(0x0A090909), 80));
        Assert.Equal(TableLayout.NoRule, table.Decide(udp: false, Steering.Rules.Address.FromIPv4(0xC0000201), 80));
    }

    [Fact]
    public void Prefixes_with_equal_ports_share_one_piece_of_the_table()
    {
        var rules = Enumerable.Range(0, 100).Select(i => Rulesets.Rule($"r{i}", $"10.0.{i}.0/24", "80,443,8000-8999"));
        var one = TableCompiler.Compile(Rulesets.Create(Rulesets.Rule("r", "10.0.0.0/24", "80,443,8000-8999")), _ => 0);
        var hundred = TableCompiler.Compile(Rulesets.Create([.. rules]), _ => 0);
        Assert.True(hundred.CellCount < one.CellCount + 100, $"{hundred.CellCount} cells against {one.CellCount}");
    }
}
