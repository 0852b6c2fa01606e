using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Pins;
using Everyport.Steering.Rules;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Pins;

/// <summary>A pinned steering in the hands of those who come, change one thing, and go.</summary>
public sealed class ControlTests : IDisposable
{
    private static readonly Rule Mail = Rulesets.Rule("mail", "127.7.0.0/16", "25", target: Target.ToService("postfix"));

    private readonly PinnedNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void What_is_loaded_stays_and_what_is_unloaded_is_gone()
    {
        using var control = _space.Control();
        Assert.Null(control.Read());
        Assert.False(control.Unload(force: true));
        Assert.True(control.Load());
        Assert.False(control.Load());
        var loaded = control.Read()!;
        Assert.Equal((true, true, SteeringControl.Layout, 0), (loaded.Attached, loaded.IsKept, loaded.Layout, loaded.Effective.Rules.Length));
        Assert.True(control.Unload(force: false));
        Assert.Null(control.Read());
        Assert.Empty(_space.Pins.Names);
    }

    [KernelTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void More_sockets_than_slots_are_refused_before_their_service_is_named(bool replace)
    {
        using var control = _space.Control();
        control.Load();
        NamedServer[] servers = [.. Enumerable.Range(0, 5).Select(number => _space.Udp($"{number}"))];
        var error = Assert.Throws<SteeringException>(() => control.Register("dns", [.. servers.Select(server => server.Socket.SafeHandle)], replace));
        Assert.Contains("all 4 slots", error.Message, StringComparison.Ordinal);
        Assert.Empty(control.Read()!.Services);
        Array.ForEach(servers, server => server.Dispose());
    }

    [KernelFact]
    public void Rules_and_sockets_stay_when_those_who_made_them_are_gone()
    {
        using var mail = _space.Tcp("mail");
        using (var control = _space.Control())
        {
            control.Load();
            var (change, publication) = control.Change(rules => Rulesets.Create([.. rules.Rules, Mail]));
            Assert.Equal("mail", Assert.Single(change.Added).Name);
            Assert.NotNull(publication);
            var registered = control.Register("postfix", [mail.Socket.SafeHandle], replace: false);
            Assert.Equal((true, false, false), (registered.Sockets[0].IPv4, registered.Sockets[0].IPv6, registered.Sockets[0].WasThere));
        }
        Assert.Equal("mail", _space.Dial(port: 25));

        using var other = _space.Control();
        var snapshot = other.Read()!;
        var tcp = snapshot.Services.Single(service => service is { Name: "postfix", Protocol: Protocols.Tcp });
        Assert.Single(tcp.Sockets);
        Assert.Equal(1UL, tcp.Counters.Steered);
        Assert.Equal(1UL, snapshot.ReadPorts()![25]);
        Assert.Equal("mail", snapshot.RulesByOwner[SteeringControl.DefaultOwner].Rules.Single().Name);
        Assert.Equal(1, other.Unregister("postfix", Protocols.All, ipv4: true, ipv6: true));
        Assert.Equal(Client.Refused, _space.Dial(port: 25));
    }

    [KernelFact]
    public void Where_nothing_changes_nothing_is_published_and_a_preview_changes_nothing()
    {
        using var control = _space.Control();
        control.Load();
        var preview = control.Preview(_ => Rulesets.Create(Mail));
        Assert.Equal("mail", Assert.Single(preview.Added).Name);
        var before = control.Read()!;
        Assert.Empty(before.RulesByOwner);
        control.Change(_ => Rulesets.Create(Mail));
        var program = control.Read()!.Program;
        var (change, publication) = control.Change(_ => Rulesets.Create(Rulesets.Rule("mail", "127.7.0.0/16", "25", target: Target.ToService("postfix"))));
        Assert.True(change.IsEmpty);
        Assert.Null(publication);
        Assert.Equal(program, control.Read()!.Program);

        change = control.Change(_ => Rulesets.Create(Rulesets.Rule("MAIL", "127.7.0.0/16", "26", target: Target.ToService("postfix")))).Change;
        Assert.Equal(("25", "26"), (change.Changed.Single().Before.Ports.ToString(), change.Changed.Single().After.Ports.ToString()));
    }

    [KernelFact]
    public void Without_a_steering_changes_say_how_to_make_one()
    {
        using var control = _space.Control();
        using var server = _space.Tcp("server");
        foreach (var change in (Action[])[
            () => control.Change(_ => Ruleset.Empty), () => control.Preview(_ => Ruleset.Empty), () => control.Upgrade(),
            () => control.Register("x", [server.Socket.SafeHandle], false), () => control.Unregister("x", Protocols.All, true, true)])
        {
            Assert.Equal($"No steering is loaded in '{_space.Pins.Path}'; 'steerctl load' makes one.", Assert.Throws<SteeringException>(change).Message);
        }
    }

    [KernelFact]
    public void Rules_that_contradict_those_of_another_owner_are_refused_and_both_are_named()
    {
        using var server = _space.Tcp("server");
        using var everyport = _space.Serve(server);
        using var control = _space.Control();
        var error = Assert.Throws<SteeringException>(() => control.Change(_ => Rulesets.Create(Rulesets.Rule("edge", "127.7.0.0/16", target: Target.Drop))));
        Assert.Contains("rules 'edge' of 'proxy' (Proxy) and 'edge' of 'steerctl' (Drop) match TCP 127.7.0.0/16", error.Message, StringComparison.Ordinal);
        Assert.Equal("server", _space.Dial());

        control.Change(_ => Rulesets.Create(Mail));
        error = Assert.Throws<SteeringException>(() => everyport.Publish(Rulesets.Create(Rulesets.Rule("smtp", "127.7.0.0/16", "25"))));
        Assert.Contains("'mail' of 'steerctl' (Service postfix)", error.Message, StringComparison.Ordinal);
        Assert.Contains("'smtp' of 'proxy' (Proxy)", error.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Sockets_are_added_until_there_is_no_room_and_then_none_is_added()
    {
        NamedServer[] servers = [.. Enumerable.Range(0, 5).Select(i => _space.Tcp($"server-{i}"))];
        using var control = _space.Control();
        control.Load();
        SafeHandle[] sockets = [.. servers.Select(server => server.Socket.SafeHandle)];
        control.Register("web", sockets[..3], replace: false);
        Assert.True(control.Register("web", sockets[2..3], replace: false).Sockets[0].WasThere);
        var error = Assert.Throws<SteeringException>(() => control.Register("web", sockets[3..], replace: false));
        Assert.Contains("all 4 slots", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, Sockets(control));

        Assert.Equal(3, control.Register("web", sockets[4..], replace: true).Replaced);
        Assert.Equal(1, Sockets(control));
        Array.ForEach(servers, server => server.Dispose());
        Assert.Equal(0, Sockets(control));
    }

    [KernelFact]
    public void Replacing_sockets_of_one_protocol_leaves_those_of_the_other()
    {
        using var tcp = _space.Tcp("tcp");
        using var udp = _space.Udp("udp");
        using var next = _space.Tcp("next");
        using var control = _space.Control();
        control.Load();
        control.Change(_ => Rulesets.Create(Rulesets.Rule("dns", "127.7.0.0/16", "53", target: Target.ToService("dns"))));
        control.Register("dns", [tcp.Socket.SafeHandle, udp.Socket.SafeHandle], replace: false);
        control.Register("dns", [next.Socket.SafeHandle], replace: true);
        Assert.Equal(("next", "udp"), (_space.Dial(port: 53), _space.Ask()));
        Assert.Equal(1, control.Unregister("dns", Protocols.Udp, ipv4: true, ipv6: true));
        Assert.Equal("next", _space.Dial(port: 53));
    }

    [KernelFact]
    public void A_state_that_is_not_understood_is_left_alone_unless_it_is_to_be_removed_by_force()
    {
        using var control = _space.Control();
        control.Load();
        _space.PinText("state", "{ \"layout\": 1 }"u8);
        Assert.Contains("Was it written by another program?", Assert.Throws<SteeringException>(() => control.Unload(force: false)).Message, StringComparison.Ordinal);
        Assert.Throws<SteeringException>(() => control.Read());
        Assert.True(control.Unload(force: true));
        Assert.Empty(_space.Pins.Names);
        Assert.True(control.Load());
    }

    [KernelFact]
    public void The_steering_of_another_namespace_is_not_even_removed_by_force()
    {
        using var control = _space.Control();
        control.Load();
        using var elsewhere = new NetworkNamespace();
        using var stranger = SteeringControl.Open(_space.Options with { NetworkNamespace = elsewhere.Path });
        Assert.Contains("another network namespace", Assert.Throws<SteeringException>(() => stranger.Unload(force: true)).Message, StringComparison.Ordinal);
        Assert.Contains("another network namespace", Assert.Throws<SteeringException>(() => stranger.Load()).Message, StringComparison.Ordinal);
        Assert.True(control.Read()!.Attached);
    }

    [KernelFact]
    public void Choices_of_a_later_load_hold_for_what_is_loaded_and_a_load_without_any_changes_nothing()
    {
        using var control = _space.Control();
        control.Load();
        control.Change(_ => Rulesets.Create(Rulesets.Rule("far", "198.51.100.0/24", "25", target: Target.ToService("postfix"))));
        using var other = _space.Control(_space.Options with { LocalRoutes = false });
        Assert.False(other.Load(out var changed));
        Assert.True(changed);
        Assert.Empty(_space.Routes);
        foreach (var again in (SteeringControl[])[other, control])
        {
            Assert.False(again.Load(out changed));
            Assert.False(changed);
        }
        Assert.Empty(_space.Routes);
    }

    [KernelFact]
    public void What_somebody_has_detached_is_removed_with_its_routes()
    {
        foreach (var removes in (Func<SteeringControl, bool>[])[control => control.Unload(force: false), control => control.Load()])
        {
            using var control = _space.Control();
            control.Load();
            control.Change(_ => Rulesets.Create(Rulesets.Rule("far", "198.51.100.0/24", "25", target: Target.ToService("postfix"))));
            Assert.Contains("198.51.100.0/24", _space.Routes, StringComparison.Ordinal);
            using (var link = new PinDirectory(_space.Pins.Path).OpenPin(PinStore.Link))
                Assert.Equal(0, Libbpf.LinkDetach(link));
            Assert.False(control.Read()!.Attached);
            Assert.Throws<SteeringException>(() => control.Preview(_ => Ruleset.Empty));
            Assert.Throws<SteeringException>(() => control.Unregister("postfix", Protocols.All, ipv4: true, ipv6: true));
            Assert.True(removes(control));
            Assert.Empty(_space.Routes);
            control.Unload(force: true);
        }
        Assert.Empty(_space.Pins.Names);
    }

    private static int Sockets(SteeringControl control) => control.Read()!.Services.Single(service => service.Protocol == Protocols.Tcp).Sockets.Count();
}
