using Everyport.Steering.Rules;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Pins;

/// <summary>The proxy and steerctl on one steering: each sees what is the other's, and neither removes it.</summary>
public sealed class SharingTests : IDisposable
{
    private static readonly Rule Mail = Rulesets.Rule("mail", "127.7.0.0/16", "25", target: Target.ToService("postfix"));

    private readonly PinnedNamespace _space = new();
    private readonly SteeringControl _control;
    private readonly NamedServer _mail;

    public SharingTests()
    {
        _control = _space.Control();
        _mail = _space.Tcp("mail");
    }

    public void Dispose()
    {
        _control.Dispose();
        _mail.Dispose();
        _space.Dispose();
    }

    [KernelFact]
    public void Rules_and_services_of_others_outlive_everything_that_a_proxy_goes_through()
    {
        _control.Load();
        BindMail();
        using var server = _space.Tcp("proxy");
        var proxy = _space.Serve(server);
        Assert.Equal(("proxy", "mail"), Both());
        proxy.Publish(Rulesets.Create(PinnedNamespace.ToProxy, Rulesets.Rule("more", "127.8.0.0/16")));
        Assert.Equal(("proxy", "mail"), Both());

        using var next = _space.Tcp("next");
        var successor = _space.Serve(next);
        proxy.Dispose();
        Assert.Equal(("next", "mail"), Both());
        successor.Abandon();
        Assert.Equal(("next", "mail"), Both());

        var third = _space.Serve(server);
        Assert.Equal(("proxy", "mail"), Both());
        third.Withdraw();
        third.Dispose();
        using var normal = _space.Namespace.Run(() => NamedServer.Tcp("normal", PinnedNamespace.Edge, 80));
        Assert.Equal(("normal", "mail"), Both());
        Assert.Equal([SteeringControl.DefaultOwner], _control.Read()!.RulesByOwner.Keys);
    }

    [KernelFact]
    public void What_the_proxy_steers_outlives_all_changes_of_others()
    {
        using var server = _space.Tcp("proxy");
        using var proxy = _space.Serve(server);
        BindMail();
        Assert.Equal(("proxy", "mail"), Both());
        _control.Change(_ => Ruleset.Empty);
        _control.Unregister("postfix", Protocols.All, ipv4: true, ipv6: true);
        Assert.Equal(("proxy", "proxy"), Both());
        Assert.False(proxy.HasSuccessor);
        proxy.Publish(Rulesets.Create(PinnedNamespace.ToProxy, Rulesets.Rule("closed", "127.7.0.0/16", "25", target: Target.Drop)));
        Assert.Equal(("proxy", Client.Refused), Both());
    }

    [KernelFact]
    public void Each_sees_the_rules_and_the_services_of_the_other()
    {
        using var server = _space.Tcp("proxy");
        using var proxy = _space.Serve(server);
        BindMail();
        Assert.Equal("mail", proxy.Ruleset.Decide(Protocols.Tcp, Rulesets.AddressOf(PinnedNamespace.Edge), 25)!.Name);
        Assert.Equal(1, proxy.ReadServiceSockets()[("postfix", Protocols.Tcp)]);
        Assert.Equal("mail", _space.Dial(port: 25));
        Assert.Equal(1UL, proxy.ReadServiceCounters()[("postfix", Protocols.Tcp)].Steered);

        var snapshot = _control.Read()!;
        Assert.Equal(["edge"], snapshot.RulesByOwner[Target.ProxyService].Rules.Select(rule => rule.Name));
        Assert.Single(snapshot.Services.Single(service => service is { Name: Target.ProxyService, Protocol: Protocols.Tcp }).Sockets);
    }

    [KernelFact]
    public void Nobody_unloads_from_under_a_proxy_unless_he_insists()
    {
        using var server = _space.Tcp("proxy");
        using var proxy = _space.Serve(server, null, Rulesets.Rule("range", "198.51.100.0/24"));
        BindMail();
        var error = Assert.Throws<SteeringException>(() => _control.Unload(force: false));
        Assert.Contains("rules of owner 'proxy' are in force, and sockets of service 'proxy' are registered", error.Message, StringComparison.Ordinal);
        Assert.Equal(("proxy", "mail"), Both());

        Assert.True(_control.Unload(force: true));
        using var normal = _space.Namespace.Run(() => NamedServer.Tcp("normal", PinnedNamespace.Edge, 80));
        Assert.Equal("normal", _space.Dial());
        Assert.Equal("", _space.Routes);
        Assert.Contains("somebody has removed it", Assert.Throws<SteeringException>(() => proxy.Publish(Rulesets.Create())).Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_proxy_notices_that_its_steering_was_removed_and_takes_no_stranger_for_its_successor()
    {
        using var server = _space.Tcp("proxy");
        using var proxy = _space.Serve(server);
        Assert.False(proxy.HasBeenRemoved);
        _control.Unload(force: true);
        Assert.Equal((true, false), (proxy.HasBeenRemoved, proxy.HasSuccessor));

        _control.Load();
        BindMail();
        Assert.Equal((true, false), (proxy.HasBeenRemoved, proxy.HasSuccessor));
        Assert.Contains("somebody has removed it", Assert.Throws<SteeringException>(() => proxy.Publish(Rulesets.Create())).Message, StringComparison.Ordinal);

        using var next = _space.Tcp("next");
        using var successor = _space.Serve(next);
        Assert.Equal((true, false), (proxy.HasSuccessor, successor.HasBeenRemoved));
        proxy.Dispose();
        Assert.Equal(("next", "mail"), Both());
    }

    [KernelFact]
    public void Local_routes_go_with_the_last_owner_that_wants_them()
    {
        _control.Load();
        _control.Change(_ => Rulesets.Create(Rulesets.Rule("a", "198.51.100.0/24", "25", target: Target.ToService("postfix")), Rulesets.Rule("b", "192.0.2.128/25", target: Target.ToService("postfix"))));
        using var server = _space.Tcp("proxy");
        var proxy = _space.Serve(server, null, Rulesets.Rule("a", "198.51.100.0/24"), Rulesets.Rule("c", "203.0.113.0/24"));
        Assert.Equal(3, Routes().Length);
        proxy.Dispose();
        Assert.Equal(["192.0.2.128/25", "198.51.100.0/24"], Routes());
        Assert.Equal(["192.0.2.128/25", "198.51.100.0/24"], _control.Read()!.LocalRoutes.Select(prefix => prefix.ToString()));
        _control.Change(rules => Rulesets.Create(rules.Rules[0]));
        Assert.Equal(["198.51.100.0/24"], Routes());
        _control.Unload(force: false);
        Assert.Empty(Routes());
    }

    [KernelFact]
    public void What_an_owner_has_chosen_holds_whoever_publishes()
    {
        using var other = _space.Control(_space.Options with { LocalRoutes = false, LeaveExistingListeners = false });
        other.Load();
        other.Change(_ => Rulesets.Create(Rulesets.Rule("dark", "198.51.100.0/24", target: Target.ToService("postfix")), Rulesets.Rule("all", "127.9.0.0/16", target: Target.ToService("postfix"))));
        using var guarded = ForeignProcess.Listen(_space.Namespace, PinnedNamespace.Edge, 8080);
        using var taken = ForeignProcess.Listen(_space.Namespace, "127.9.0.1", 8080);
        using var server = _space.Tcp("proxy");
        _space.Serve(server, null, Rulesets.Rule("range", "203.0.113.0/24"));
        Assert.Equal(["203.0.113.0/24"], Routes());
        Assert.Equal(("hello", Client.Refused), (_space.Dial(port: 8080), _space.Dial("127.9.0.1", 8080)));
    }

    [KernelFact]
    public void A_steering_that_is_not_pinned_leaves_the_routes_of_one_that_is()
    {
        _control.Load();
        _control.Change(_ => Rulesets.Create(Rulesets.Rule("a", "198.51.100.0/24", "25", target: Target.ToService("postfix"))));
        using (var alone = _space.Open(new SteeringOptions()))
            alone.Publish(Rulesets.Create(Rulesets.Rule("c", "203.0.113.0/24")));
        Assert.Equal(["198.51.100.0/24"], Routes());
    }

    [KernelFact]
    public void Routes_that_a_crash_has_left_go_with_the_next_publication_or_with_an_unload()
    {
        using var server = _space.Tcp("proxy");
        var proxy = _space.Serve(server, null, Rulesets.Rule("range", "198.51.100.0/24"));
        proxy.Withdraw();
        proxy.Abandon();
        Assert.Equal(["198.51.100.0/24"], Routes());
        Assert.True(_control.Unload(force: false));
        Assert.Empty(Routes());
        Assert.False(_control.Unload(force: false));

        proxy = _space.Serve(server, null, Rulesets.Rule("range", "198.51.100.0/24"));
        proxy.Withdraw();
        proxy.Abandon();
        _control.Load();
        Assert.Empty(Routes());
    }

    [KernelFact]
    public void A_route_that_connections_still_use_stays_when_its_owner_goes_and_others_remain()
    {
        _control.Load();
        using var server = _space.Tcp("proxy");
        var proxy = _space.Serve(server, null, Rulesets.Rule("range", "198.51.100.0/24"));
        using (_space.Namespace.Run(() => NamedServer.Udp("bound", "198.51.100.7")))
        {
            proxy.Dispose();
            Assert.Equal(["198.51.100.0/24"], Routes());
        }
        _control.Change(_ => Rulesets.Create(Mail));
        Assert.Empty(Routes());
    }

    [KernelTheory]
    [InlineData("198.51.100.0/24", "198.51.100.0/24")]
    [InlineData("198.51.100.0/24", "198.51.100.128/25")]
    [InlineData("198.51.100.128/25", "198.51.100.0/24")]
    [InlineData("2001:db8::/64", "2001:db8::/64")]
    [InlineData("2001:db8::/64", "2001:db8::1/128")]
    public void Pinned_and_unpinned_steerings_take_no_route_from_each_other(string pinned, string alone)
    {
        _control.Load();
        _control.Change(_ => Rulesets.Create(Rulesets.Rule("a", pinned, "25", target: Target.ToService("postfix"))));
        using var unpinned = _space.Open(new SteeringOptions());
        unpinned.Publish(Rulesets.Create(Rulesets.Rule("c", alone)));
        AssertRoutes([pinned], [alone]);

        _control.Unload(force: false);
        AssertRoutes([], [alone]);
        _control.Load();
        _control.Change(_ => Rulesets.Create(Rulesets.Rule("a", pinned, "25", target: Target.ToService("postfix"))));
        AssertRoutes([pinned], [alone]);
        unpinned.Dispose();
        AssertRoutes([pinned], []);
    }

    [KernelFact]
    public void Who_is_not_pinned_leaves_a_route_that_another_of_its_kind_relies_on()
    {
        var range = Rulesets.Rule("range", "198.51.100.0/24");
        using var first = _space.Open(new SteeringOptions());
        first.Publish(Rulesets.Create(range));
        using (var second = _space.Open(new SteeringOptions()))
        {
            second.Publish(Rulesets.Create(range));
            first.Publish(Rulesets.Create());
            Assert.Equal(["198.51.100.0/24"], RoutesOf(197));
        }
        first.Publish(Rulesets.Create());
        Assert.Empty(RoutesOf(197));
    }

    private void AssertRoutes(string[] pinned, string[] unpinned)
    {
        Assert.Equal(pinned, RoutesOf(198));
        Assert.Equal(unpinned, RoutesOf(197));
    }

    private string[] RoutesOf(int protocol) =>
    [
        .. from family in (string[])["-4", "-6"]
           from line in _space.Namespace.Ip(family, "route", "show", "table", "local", "proto", $"{protocol}").Split('\n', StringSplitOptions.RemoveEmptyEntries)
           let prefix = line.Split(' ')[1]
           select prefix.Contains('/', StringComparison.Ordinal) ? prefix : $"{prefix}/128",
    ];

    private void BindMail()
    {
        _control.Change(rules => Rulesets.Create([.. rules.Rules, Mail]));
        _control.Register("postfix", [_mail.Socket.SafeHandle], replace: true);
    }

    private (string Proxy, string Mail) Both() => (_space.Dial(), _space.Dial(port: 25));

    private string[] Routes() => [.. _space.Routes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1])];
}
