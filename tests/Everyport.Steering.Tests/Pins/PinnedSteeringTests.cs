using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Pins;

/// <summary>A steering that outlives the processes that work on it.</summary>
public sealed class PinnedSteeringTests : IDisposable
{
    private readonly PinnedNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void After_a_crash_all_is_refused_until_the_next_start_takes_over()
    {
        using (var crashing = _space.Tcp("first"))
        {
            var first = _space.Serve(crashing);
            Assert.Equal("first", _space.Dial());
            first.Abandon();
        }
        using var other = _space.Namespace.Run(() => NamedServer.Tcp("other", PinnedNamespace.Edge, 80));
        Assert.Equal(Client.Refused, _space.Dial());

        using var server = _space.Tcp("second");
        var second = _space.Serve(server);
        Assert.Equal("second", _space.Dial(port: 81));
        // Counters go on: one of each of the three.
        var counters = second.ReadServiceCounters()[(Target.ProxyService, Protocols.Tcp)];
        Assert.Equal((2UL, 1UL), (counters.Steered, counters.Refused));
    }

    [KernelFact]
    public void A_clean_end_unpins_everything()
    {
        using var server = _space.Tcp("server");
        var steering = _space.Serve(server);
        Assert.Equal(["link", "ports", "rules", "services", "sockets", "state", "totals"], _space.Pins.Names);
        steering.Dispose();
        Assert.Empty(_space.Pins.Names);
        using var other = _space.Namespace.Run(() => NamedServer.Tcp("other", PinnedNamespace.Edge, 80));
        Assert.Equal("other", _space.Dial());
    }

    [KernelFact]
    public void A_successor_takes_over_and_its_predecessor_notices_and_leaves_it_alone()
    {
        using var old = _space.Tcp("old");
        using var young = _space.Tcp("young");
        var first = _space.Serve(old);
        var second = _space.Open();
        second.Register(Target.ProxyService, young.Socket.SafeHandle);
        Assert.Equal("old", _space.Dial());
        Assert.False(first.HasSuccessor);

        second.Publish(Rulesets.Create(PinnedNamespace.ToProxy));
        Assert.Equal("young", _space.Dial());
        Assert.True(first.HasSuccessor);
        Assert.False(second.HasSuccessor);
        Assert.Contains("taken it over", Assert.Throws<SteeringException>(() => first.Publish(Rulesets.Create())).Message, StringComparison.Ordinal);
        first.Dispose();
        Assert.Equal("young", _space.Dial());
    }

    [KernelFact]
    public void A_successor_that_fails_changes_nothing()
    {
        using var old = _space.Tcp("old");
        using var young = _space.Tcp("young");
        var first = _space.Serve(old);
        var second = _space.Open();
        second.Register(Target.ProxyService, young.Socket.SafeHandle);
        Assert.Throws<SteeringException>(() => _space.Namespace.Run(() =>
        {
            Capabilities.DropFromThread();
            second.Publish(Rulesets.Create(PinnedNamespace.ToProxy));
        }));
        second.Dispose();
        Assert.Equal("old", _space.Dial());
        Assert.False(first.HasSuccessor);
        first.Publish(Rulesets.Create(PinnedNamespace.ToProxy, Rulesets.Rule("closed", "127.7.0.0/16", "81", target: Target.Drop)));
        Assert.Equal(Client.Refused, _space.Dial(port: 81));
    }

    [KernelFact]
    public void A_successor_with_another_layout_fills_maps_of_its_own_and_switches_in_one_step()
    {
        using var old = _space.Tcp("old");
        using var young = _space.Tcp("young");
        using var youngUdp = _space.Udp("young");
        var first = _space.Serve(old);
        var second = _space.Open(_space.Options with { Layout = 4711 });
        second.Register(Target.ProxyService, young.Socket.SafeHandle);
        second.Register(Target.ProxyService, youngUdp.Socket.SafeHandle);
        second.Publish(Rulesets.Create(PinnedNamespace.ToProxy));

        Assert.Equal(("young", "young"), (_space.Dial(), _space.Ask()));
        Assert.True(first.HasSuccessor);
        first.Dispose();
        Assert.Equal("young", _space.Dial());
        Assert.Equal(["link", "ports", "rules", "services", "sockets", "state", "totals"], _space.Pins.Names);
    }

    [KernelFact]
    public void Another_layout_takes_the_sockets_of_all_along_and_what_was_counted()
    {
        using var mail = _space.Tcp("mail");
        using var mail6 = _space.Namespace.Run(() => NamedServer.Tcp("mail6", "::"));
        using var dns = _space.Udp("dns");
        using var server = _space.Tcp("old");
        using var young = _space.Tcp("young");
        var first = _space.Serve(server, null, Rulesets.Rule("mail", "127.7.0.0/16", "25", target: Target.ToService("postfix")), Rulesets.Rule("dns", "127.7.0.0/16", "53", target: Target.ToService("dns")));
        first.Register("postfix", mail.Socket.SafeHandle);
        first.Register("postfix", mail6.Socket.SafeHandle);
        first.Register("dns", dns.Socket.SafeHandle);
        Assert.Equal(("old", "mail", "dns"), (_space.Dial(), _space.Dial(port: 25), _space.Ask()));

        var second = _space.Open(_space.Options with { Layout = 4711 });
        second.Register(Target.ProxyService, young.Socket.SafeHandle);
        second.Publish(first.Ruleset);
        first.Dispose();
        Assert.Equal(("young", "mail", "dns"), (_space.Dial(), _space.Dial(port: 25), _space.Ask()));
        var counters = second.ReadServiceCounters();
        Assert.Equal((2UL, 2UL, 2UL), (counters[("proxy", Protocols.Tcp)].Steered, counters[("postfix", Protocols.Tcp)].Steered, counters[("dns", Protocols.Udp)].Steered));
        Assert.Equal(2UL, second.ReadPortCounters()[25]);
        mail.Dispose();
        Assert.Equal("mail6", _space.Dial(port: 25));
    }

    [KernelFact]
    public void A_smaller_successor_leaves_no_socket_of_its_predecessor()
    {
        using var first = _space.Tcp("old");
        using var more = _space.Udp("old");
        using var young = _space.Tcp("young");
        var steering = _space.Open();
        steering.Register(Target.ProxyService, first.Socket.SafeHandle);
        steering.Register(Target.ProxyService, more.Socket.SafeHandle);
        steering.Publish(Rulesets.Create(PinnedNamespace.ToProxy));
        Assert.Equal("old", _space.Ask());

        var second = _space.Serve(young);
        Assert.Equal("young", _space.Dial());
        _space.Namespace.Run(() => Assert.Equal(Client.Refused, Client.AskUdpConnected(PinnedNamespace.Edge, 53)));
        Assert.Equal(1UL, second.ReadServiceCounters()[(Target.ProxyService, Protocols.Udp)].Refused);
    }

    [KernelFact]
    public void Programs_share_a_steering_and_neither_removes_what_is_not_its_own()
    {
        using var proxy = _space.Tcp("proxy");
        using var mail = _space.Tcp("mail");
        var everyport = _space.Serve(proxy);
        var other = _space.Open(_space.Options with { Owner = "steerctl" });
        other.Register("postfix", mail.Socket.SafeHandle);
        other.Publish(Rulesets.Create(Rulesets.Rule("mail", "127.7.0.0/16", "25", target: Target.ToService("postfix"))));
        Assert.Equal(("proxy", "mail"), (_space.Dial(), _space.Dial(port: 25)));

        everyport.Publish(Rulesets.Create(Rulesets.Rule("more", "127.0.0.0/8")));
        Assert.Equal(("proxy", "mail"), (_space.Dial("127.9.9.9"), _space.Dial(port: 25)));
        Assert.False(everyport.HasSuccessor);

        everyport.Dispose();
        using var normal = _space.Namespace.Run(() => NamedServer.Tcp("normal", PinnedNamespace.Edge, 80));
        Assert.Equal(("normal", "mail"), (_space.Dial(), _space.Dial(port: 25)));
        other.Dispose();
        Assert.Empty(_space.Pins.Names);
    }

    [KernelFact]
    public void A_service_keeps_its_number_whoever_comes_and_goes()
    {
        using var proxy = _space.Tcp("proxy");
        using var mail = _space.Tcp("mail");
        using var again = _space.Tcp("again");
        var other = _space.Open(_space.Options with { Owner = "steerctl" });
        other.Register("postfix", mail.Socket.SafeHandle);
        other.Publish(Rulesets.Create(Rulesets.Rule("mail", "127.7.0.0/16", "25", target: Target.ToService("postfix"))));
        _space.Serve(proxy).Abandon();
        proxy.Dispose();
        Assert.Equal((Client.Refused, "mail"), (_space.Dial(), _space.Dial(port: 25)));
        _space.Serve(again);
        Assert.Equal(("again", "mail"), (_space.Dial(), _space.Dial(port: 25)));
    }

    [KernelFact]
    public void What_is_left_of_a_dead_namespace_is_cleaned_up()
    {
        using var dead = new NetworkNamespace();
        var steering = dead.Run(() => AttachedSteering.Open(_space.Options));
        steering.Publish(Rulesets.Create(Rulesets.Rule("old", "127.7.0.0/16", target: Target.Drop)));
        steering.Abandon();
        dead.Dispose();

        using var server = _space.Tcp("server");
        var open = _space.Open();
        open.Register(Target.ProxyService, server.Socket.SafeHandle);
        // The kernel takes the namespace down a little later; until then the directory is that of another, living one.
        SteeringException? error = null;
        for (var i = 0; i < 500; i++, Thread.Sleep(10))
        {
            error = Record.Exception(() => open.Publish(Rulesets.Create(PinnedNamespace.ToProxy))) as SteeringException;
            if (error is null)
                break;
            Assert.Contains("steers another network namespace", error.Message, StringComparison.Ordinal);
        }
        Assert.Null(error);
        Assert.Equal("server", _space.Dial());
    }

    [KernelFact]
    public void The_directory_of_another_program_is_left_alone()
    {
        Assert.Equal(0, Libc.MakeDirectory(_space.Pins.Path, 0b111_000_000));
        using var map = SharedMaps.Create();
        Assert.Equal(0, Libbpf.Pin(map.Totals, Path.Combine(_space.Pins.Path, "bindings")));
        Assert.Equal(0, Libbpf.Pin(map.Sockets, Path.Combine(_space.Pins.Path, "sockets")));
        var error = Assert.Throws<SteeringException>(() => _space.Open().Publish(Rulesets.Create(PinnedNamespace.ToProxy)));
        Assert.Contains("'bindings', which is another program's", error.Message, StringComparison.Ordinal);
        Assert.Equal(["bindings", "sockets"], _space.Pins.Names);
    }

    [KernelFact]
    public void A_directory_that_is_not_on_bpffs_is_refused_with_what_to_do()
    {
        using var directory = new TemporaryDirectory();
        var error = Assert.Throws<SteeringException>(() => _space.Open(new SteeringOptions { PinPath = Path.Combine(directory.Path, "a", "b") }));
        Assert.Contains("mount -t bpf bpf /sys/fs/bpf", error.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Routes_stay_as_long_as_the_steering_that_needs_them()
    {
        using var server = _space.Tcp("server");
        var range = Rulesets.Rule("range", "198.51.100.0/24");
        _space.Serve(server, null, range).Abandon();
        Assert.Contains("198.51.100.0/24", _space.Routes, StringComparison.Ordinal);
        var second = _space.Serve(server, null, range);
        Assert.Equal("server", _space.Dial("198.51.100.7"));
        second.Dispose();
        Assert.Equal("", _space.Routes);
    }

    [KernelFact]
    public void Without_a_directory_nothing_is_pinned()
    {
        using var space = new SteeredNamespace();
        space.Publish(PinnedNamespace.ToProxy);
        Assert.False(space.Steering.HasSuccessor);
        space.Steering.Withdraw();
        using var normal = space.Tcp("normal", PinnedNamespace.Edge, 80);
        Assert.Equal("normal", space.DialTcp(PinnedNamespace.Edge, 80));
    }

    [KernelFact]
    public void A_successor_with_a_socket_that_cannot_be_steered_to_changes_nothing()
    {
        using var old = _space.Tcp("old");
        using var oldUdp = _space.Udp("old");
        using var young = _space.Tcp("young");
        using var ended = _space.Tcp("ended");
        var first = _space.Open();
        first.Register(Target.ProxyService, old.Socket.SafeHandle);
        first.Register(Target.ProxyService, oldUdp.Socket.SafeHandle);
        first.Publish(Rulesets.Create(PinnedNamespace.ToProxy));

        var second = _space.Open();
        second.Register(Target.ProxyService, young.Socket.SafeHandle);
        second.Register(Target.ProxyService, ended.Socket.SafeHandle);
        using (var prepared = second.Prepare(Rulesets.Create(Rulesets.Rule("narrow", "127.7.0.1/32")), _space.Options))
        {
            ended.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Both);
            Assert.Contains("must listen first", Assert.Throws<SteeringException>(() => prepared.Publish()).Message, StringComparison.Ordinal);
        }
        Assert.Equal(("old", "old", "old"), (_space.Dial(), _space.Dial("127.7.0.2"), _space.Ask()));
        Assert.False(first.HasSuccessor);

        // What was registered still waits for the next publication.
        ended.Socket.Listen();
        second.Publish(Rulesets.Create(PinnedNamespace.ToProxy));
        Assert.True(first.HasSuccessor);
        Assert.StartsWith("young", _space.Dial(), StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_successor_that_fails_at_the_last_step_leaves_the_routes_of_its_predecessor()
    {
        using var old = _space.Tcp("old");
        using var young = _space.Tcp("young");
        var range = Rulesets.Rule("range", "198.51.100.0/24");
        _space.Serve(old, null, range);
        var second = _space.Open();
        second.Register(Target.ProxyService, young.Socket.SafeHandle);
        using (var prepared = second.Prepare(Rulesets.Create(PinnedNamespace.ToProxy), _space.Options))
        {
            Assert.Throws<SteeringException>(() => _space.Namespace.Run(() =>
            {
                Capabilities.DropFromThread();
                prepared.Publish();
            }));
        }
        second.Dispose();
        Assert.Contains("198.51.100.0/24", _space.Routes, StringComparison.Ordinal);
        Assert.Equal(("old", "old"), (_space.Dial(), _space.Dial("198.51.100.7")));
    }

    [KernelFact]
    public void Where_a_successor_ends_before_its_predecessor_nothing_is_left_of_either()
    {
        using var old = _space.Tcp("old");
        using var young = _space.Tcp("young");
        var range = Rulesets.Rule("range", "198.51.100.0/24");
        var first = _space.Serve(old, null, range);
        var second = _space.Serve(young, null, range);
        first.Withdraw();
        second.Dispose();
        first.Dispose();
        Assert.Equal("", _space.Routes);
        Assert.Empty(_space.Pins.Names);
        using var normal = _space.Namespace.Run(() => NamedServer.Tcp("normal", PinnedNamespace.Edge, 80));
        Assert.Equal("normal", _space.Dial());
    }

    [KernelFact]
    public void The_routes_that_only_a_predecessor_wanted_go_when_its_connections_have_ended()
    {
        using var young = _space.Tcp("young");
        using var old = LongConnection.Listen(_space.Namespace);
        var first = _space.Open();
        first.Register(Target.ProxyService, old.SafeHandle);
        first.Publish(Rulesets.Create(Rulesets.Rule("range", "198.51.100.0/24")));
        using var connection = new LongConnection(_space.Namespace, old, "198.51.100.7");
        var second = _space.Serve(young);
        connection.AssertEchoes();
        first.Dispose();
        Assert.Contains("198.51.100.0/24", _space.Routes, StringComparison.Ordinal);
        connection.AssertEchoes();
        connection.Dispose();
        second.Publish(Rulesets.Create(PinnedNamespace.ToProxy));
        Assert.Equal("", _space.Routes);
        Assert.Equal("young", _space.Dial());
    }
}
