using Everyport.Steering.Counters;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Tests.Pins;

/// <summary>The hits of rules in a steering that several programs share.</summary>
public sealed class PinnedRuleCounterTests : IDisposable
{
    private static readonly RuleName Edge = new(Target.ProxyService, "edge");

    private readonly PinnedNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void Hits_of_all_owners_are_seen_by_all_and_stay_when_others_publish()
    {
        using var server = _space.Tcp("proxy");
        using var mail = _space.Tcp("mail");
        var proxy = _space.Serve(server);
        Assert.Equal("proxy", _space.Dial());
        using var control = _space.Control();
        control.Change(_ => Rulesets.Create(Mail("mail")));
        control.Register("postfix", [mail.Socket.SafeHandle], replace: false);
        Assert.Equal(("proxy", "mail"), (_space.Dial(), _space.Dial(port: 25)));
        foreach (var hits in (IReadOnlyDictionary<RuleName, ulong>[])[control.Read()!.RuleHits!, proxy.ReadRuleHits()!])
            Assert.Equal((2UL, 1UL), (hits[Edge], hits[new RuleName(SteeringControl.DefaultOwner, "mail")]));

        control.Change(_ => Rulesets.Create(Mail("post")));
        Assert.Equal(("proxy", "mail"), (_space.Dial(), _space.Dial(port: 25)));
        Assert.Equal((3UL, 1UL), (proxy.ReadRuleHits()![Edge], control.Read()!.RuleHits![new RuleName(SteeringControl.DefaultOwner, "post")]));
        proxy.Publish(Rulesets.Create(PinnedNamespace.ToProxy, Rulesets.Rule("more", "127.8.0.0/16")));
        Assert.Equal((3UL, 1UL), (control.Read()!.RuleHits![Edge], proxy.ReadRuleHits()![new RuleName(SteeringControl.DefaultOwner, "post")]));
    }

    [KernelFact]
    public void Hits_stay_with_a_take_over_and_with_an_upgrade()
    {
        using var server = _space.Tcp("proxy");
        using var young = _space.Tcp("young");
        _space.Serve(server);
        Assert.Equal("proxy", _space.Dial());
        _space.Serve(young);
        Assert.Equal("young", _space.Dial());
        using var next = _space.Control(_space.Options with { Layout = 4711 });
        Assert.Null(next.Read()!.RuleHits);
        next.Upgrade();
        Assert.Equal("young", _space.Dial());
        Assert.Equal(3UL, next.Read()!.RuleHits![Edge]);
    }

    [KernelFact]
    public void Where_a_program_that_did_not_count_rules_has_loaded_it_they_are_counted_from_the_next_publication_on()
    {
        using var server = _space.Tcp("proxy");
        var proxy = _space.Serve(server);
        var directory = new PinDirectory(_space.Pins.Path);
        directory.Unpin(SharedMaps.RulesName);
        using (var control = _space.Control())
            Assert.Null(control.Read()!.RuleHits);
        Assert.Equal("proxy", _space.Dial());
        proxy.Abandon();

        using var young = _space.Tcp("young");
        var successor = _space.Serve(young);
        Assert.Equal("young", _space.Dial());
        using var looking = _space.Control();
        Assert.Equal((1UL, 1UL), (looking.Read()!.RuleHits![Edge], successor.ReadRuleHits()![Edge]));
        Assert.Contains(SharedMaps.RulesName, _space.Pins.Names);
        successor.Dispose();
        Assert.Empty(_space.Pins.Names);
    }

    private static Rule Mail(string name) => Rulesets.Rule(name, "127.7.0.0/16", "25", target: Target.ToService("postfix"));
}
