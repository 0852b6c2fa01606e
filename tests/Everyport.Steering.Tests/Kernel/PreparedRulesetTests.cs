using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Kernel;

public sealed class PreparedRulesetTests : IDisposable
{
    private readonly SteeredNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void A_prepared_ruleset_changes_nothing_before_it_is_published()
    {
        using var proxy = _space.Register(_space.Tcp("proxy", "::"));
        _space.Publish(Rulesets.Rule("first", "198.51.100.0/24"));

        using (Prepare(new SteeringOptions(), Rulesets.Rule("second", "203.0.113.0/24")))
            Assert.Equal("proxy", _space.DialTcp("198.51.100.1", 80));
        Assert.Equal(("proxy", Client.Refused), (_space.DialTcp("198.51.100.1", 80), _space.DialTcp("127.9.0.1", 80)));

        using var prepared = Prepare(new SteeringOptions(), Rulesets.Rule("second", "127.9.0.0/16"));
        prepared.Publish();
        Assert.Equal("proxy", _space.DialTcp("127.9.0.1", 80));
        Assert.Empty(_space.Steering.AddedRoutes);
        Assert.Throws<InvalidOperationException>(() => prepared.Publish());
    }

    [KernelFact]
    public void Options_change_with_the_ruleset()
    {
        using var proxy = _space.Register(_space.Tcp("proxy", "::"));
        Rule[] rules = [Rulesets.Rule("edge", "127.7.0.0/16"), Rulesets.Rule("far", "198.51.100.0/24")];
        _space.Publish(rules);
        Assert.Equal(("proxy", 1), (_space.DialTcp("127.7.0.1", 80), _space.Steering.AddedRoutes.Count));
        Assert.Equal(1UL, _space.Steering.ReadPortCounters()[80]);

        using var prepared = Prepare(new SteeringOptions { LocalRoutes = false, CountPorts = false }, rules);
        prepared.Publish();
        Assert.Equal(("proxy", 0), (_space.DialTcp("127.7.0.1", 80), _space.Steering.AddedRoutes.Count));
        // As for whoever publishes next without a word about them.
        _space.Publish(rules);
        Assert.Equal(("proxy", 0), (_space.DialTcp("127.7.0.1", 80), _space.Steering.AddedRoutes.Count));
        Assert.Equal(1UL, _space.Steering.ReadPortCounters()[80]);
    }

    private PreparedRuleset Prepare(SteeringOptions options, params Rule[] rules) => _space.Steering.Prepare(Rulesets.Create(rules), options);
}
