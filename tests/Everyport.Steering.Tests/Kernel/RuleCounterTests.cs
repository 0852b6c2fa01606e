using Everyport.Steering.Counters;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>How often each rule has decided, whatever came of it.</summary>
public sealed class RuleCounterTests : IDisposable
{
    private const string Edge = "127.7.0.1", EdgeIPv6 = "2001:db8:7::1";
    private const int Last = SteeringOptions.MostCountedRules - 1;

    private readonly SteeredNamespace _space = new();

    public void Dispose() => _space.Dispose();

    private static Rule[] Rules =>
    [
        Rulesets.Rule("v4", "127.7.0.0/16"),
        Rulesets.Rule("v6", "2001:db8:7::/48"),
        Rulesets.Rule("names", "127.7.0.0/16", "53", Protocols.Udp, Target.ToService("absent")),
        Rulesets.Rule("ssh", "127.7.0.0/16", "22", target: Target.Pass),
        Rulesets.Rule("dark", "127.7.0.66/32", target: Target.Drop),
    ];

    [KernelFact]
    public void Each_lookup_counts_for_the_rule_that_decides_it()
    {
        using var tcp = _space.Register(_space.Tcp("web", "::"), Target.ProxyService);
        using var udp = _space.Register(_space.Udp("web", "::"), Target.ProxyService);
        Assert.True(Prefix.TryParse("127.9.0.0/16", out var denied, out _));
        Assert.True(Ruleset.TryCreate(Rules, [denied], out var ruleset, out _));
        _space.Steering.Publish(ruleset);
        Look();
        Assert.Equal(Client.Refused, _space.Namespace.Run(() => Client.DialTcp(Edge, 80, "127.9.0.1")));
        Assert.Equal("web", _space.DialTcp(Edge, 80));
        Assert.Equal([("dark", 2UL), ("names", 1UL), ("ssh", 1UL), ("v4", 3UL), ("v6", 2UL)], Hits());
    }

    [KernelFact]
    public void What_is_counted_stays_with_a_rule_of_the_same_name_and_a_new_one_begins_at_zero()
    {
        using var tcp = _space.Register(_space.Tcp("web", "::"), Target.ProxyService);
        using var udp = _space.Register(_space.Udp("web", "::"), Target.ProxyService);
        _space.Publish(Rules);
        Look();
        _space.Publish([Rulesets.Rule("new", "127.7.0.0/16", "80"), .. Rules.Where(rule => rule.Name is not ("dark" or "v6"))]);
        Assert.Equal("web", _space.DialTcp(Edge, 80));
        Assert.Equal("web", _space.DialTcp(Edge, 81));
        Assert.Equal([("names", 1UL), ("new", 1UL), ("ssh", 1UL), ("v4", 3UL)], Hits());
        _space.Publish(Rules);
        Assert.Equal([("dark", 0UL), ("names", 1UL), ("ssh", 1UL), ("v4", 3UL), ("v6", 0UL)], Hits());
    }

    [KernelFact]
    public void A_prepared_ruleset_counts_on_from_what_was_put_in_force_meanwhile()
    {
        using var tcp = _space.Register(_space.Tcp("web", "::"), Target.ProxyService);
        using var waiting = _space.Namespace.Run(() => _space.Steering.Prepare(Rulesets.Create(Rulesets.Rule("late", "127.7.0.0/16")), new SteeringOptions()));
        _space.Publish(Rulesets.Rule("early", "127.7.0.0/16"));
        Assert.Equal("web", _space.DialTcp(Edge, 80));
        waiting.Publish();
        Assert.Equal([("late", 0UL)], Hits());
        Assert.Equal("web", _space.DialTcp(Edge, 80));
        Assert.Equal([("late", 1UL)], Hits());
        Assert.Throws<InvalidOperationException>(waiting.Publish);
    }

    [KernelFact]
    public void Beyond_the_limit_nothing_is_counted_and_all_is_steered_as_before()
    {
        using var tcp = _space.Register(_space.Tcp("web", "::"), Target.ProxyService);
        var many = Many("r");
        _space.Publish(many);
        Assert.Equal("web", _space.DialTcp(AddressOf(Last), 80));
        Assert.Equal(1UL, _space.Steering.ReadRuleHits()![new RuleName(Target.ProxyService, $"r{Last}")]);
        _space.Publish([.. many, Rulesets.Rule("one more", "127.8.0.0/16")]);
        Assert.Equal("web", _space.DialTcp(AddressOf(Last), 80));
        Assert.Null(_space.Steering.ReadRuleHits());
    }

    [KernelFact]
    public void Every_rule_may_be_replaced_at_once()
    {
        using var tcp = _space.Register(_space.Tcp("web", "::"), Target.ProxyService);
        foreach (var round in (string[])["a", "b", "c"])
        {
            _space.Publish(Many(round));
            Assert.Equal("web", _space.DialTcp(AddressOf(Last), 80));
            Assert.Equal([($"{round}{Last}", 1UL)], Hits().Where(rule => rule.Hits > 0));
        }
    }

    [KernelFact]
    public void Rules_are_not_counted_where_that_is_switched_off()
    {
        using var quiet = _space.Attach(new SteeringOptions { CountRules = false });
        using var web = _space.Tcp("web", "127.0.0.2", 8080);
        quiet.Register(Target.ProxyService, web.Socket.SafeHandle);
        quiet.Publish(Rulesets.Create(Rules));
        Assert.Equal("web", _space.DialTcp(Edge, 80));
        Assert.Null(quiet.ReadRuleHits());
    }

    [KernelFact]
    public void Rules_of_guard_rails_are_counted_without_an_owner()
    {
        using var tcp = _space.Register(_space.Tcp("web", "::"), Target.ProxyService);
        using var other = ForeignProcess.Listen(_space.Namespace, Edge, 22);
        var guards = _space.Publish(Rulesets.Rule("edge", "127.7.0.0/16")).Guards;
        Assert.Equal(ForeignProcess.Greeting, _space.Namespace.Run(() => Client.DialTcp(Edge, 22)));
        var hits = Assert.Single(_space.Steering.ReadRuleHits()!, rule => rule.Value > 0);
        Assert.Equal(("", true), (hits.Key.Owner, guards.Any(guard => guard.Name == hits.Key.Name)));
    }

    [KernelFact]
    public void Rules_of_guard_rails_that_do_not_fit_in_leave_the_others_counted()
    {
        using var tcp = _space.Register(_space.Tcp("web", "::"), Target.ProxyService);
        using var other = ForeignProcess.Listen(_space.Namespace, Edge, 22);
        Assert.NotEmpty(_space.Publish([Rulesets.Rule("edge", $"{Edge}/32"), .. Many("r").Where(rule => rule.Name is not "r1")]).Guards);
        Assert.Equal(ForeignProcess.Greeting, _space.Namespace.Run(() => Client.DialTcp(Edge, 22)));
        Assert.Equal("web", _space.DialTcp(Edge, 80));
        Assert.Equal([("edge", 1UL)], Hits().Where(rule => rule.Hits > 0));
        Assert.DoesNotContain(_space.Steering.ReadRuleHits()!.Keys, name => name.Owner.Length == 0);
    }

    private static Rule[] Many(string name) => [.. Enumerable.Range(0, Last + 1).Select(i => Rulesets.Rule($"{name}{i}", $"{AddressOf(i)}/32"))];

    private static string AddressOf(int number) => $"127.7.{number / 256}.{number % 256}";

    private void Look()
    {
        Assert.Equal("web", _space.DialTcp(Edge, 80));
        Assert.Equal("web", _space.AskUdp("127.7.0.2", 443));
        Assert.Equal("web", _space.DialTcp(EdgeIPv6, 80));
        Assert.Equal("web", _space.AskUdp(EdgeIPv6, 53));
        Assert.Equal(Client.Refused, _space.DialTcp(Edge, 22));
        Assert.Equal(Client.Refused, _space.DialTcp("127.7.0.66", 80));
        Assert.Equal(Client.Refused, _space.Namespace.Run(() => Client.AskUdpConnected("127.7.0.66", 53)));
        Assert.Equal(Client.Refused, _space.Namespace.Run(() => Client.AskUdpConnected(Edge, 53)));
    }

    private IEnumerable<(string Name, ulong Hits)> Hits() =>
        _space.Steering.ReadRuleHits()!.Select(rule => (rule.Key.Name, rule.Value)).OrderBy(rule => rule.Name, StringComparer.Ordinal);
}
