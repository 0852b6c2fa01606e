using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;
using Everyport.Steering.Tables;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>Sockets, members, programs and namespaces that come and go.</summary>
public sealed class LifecycleTests : IDisposable
{
    private const string Edge = "127.7.0.1";

    private readonly SteeredNamespace _space = new();

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void A_listener_that_comes_back_serves_again_once_it_is_registered()
    {
        _space.Publish(To("web"));
        using (_space.Register(_space.Tcp("web", "127.0.0.2", 8080)))
            Assert.Equal("web", _space.DialTcp(Edge, 80));
        Assert.Equal(Client.Refused, _space.DialTcp(Edge, 80));
        using var again = _space.Register(_space.Tcp("web", "127.0.0.2", 8080));
        Assert.Equal("web", _space.DialTcp(Edge, 80));
        Assert.Equal((2UL, 1UL), (_space.Counters("web", Protocols.Tcp).Steered, _space.Counters("web", Protocols.Tcp).Refused));
    }

    [KernelFact]
    public void A_reuseport_group_outlives_its_first_member()
    {
        _space.Publish(To("web"));
        NamedServer[] members = [.. Enumerable.Range(0, 4).Select(i => _space.Register(
            _space.Namespace.Run(() => NamedServer.Tcp($"member-{i}", "127.0.0.2", 8080, Reuseport.Enable)), "web"))];
        Assert.True(Answers().Count > 1, "the kernel spreads over the group");
        for (var i = 0; i < 3; i++)
        {
            members[i].Dispose();
            Assert.DoesNotContain(Client.Refused, Answers());
        }
        members[3].Dispose();
        Assert.Equal([Client.Refused], Answers());

        HashSet<string> Answers() => [.. Enumerable.Range(0, 40).Select(_ => _space.DialTcp(Edge, 80))];
    }

    [KernelFact]
    public void A_fifth_member_is_refused_in_words()
    {
        NamedServer[] members = [.. Enumerable.Range(0, 5).Select(i => _space.Namespace.Run(() => NamedServer.Tcp($"member-{i}", "127.0.0.2", 8080, Reuseport.Enable)))];
        foreach (var member in members[..4])
            _space.Register(member, "web");
        Assert.Contains("all 4 slots", Assert.Throws<SteeringException>(() => _space.Register(members[4], "web")).Message);
        Array.ForEach(members, member => member.Dispose());
    }

    [KernelFact]
    public void All_of_IPv6_leaves_IPv4_alone()
    {
        using var v4 = _space.Tcp("v4", Edge, 80);
        using var v6 = _space.Register(_space.Tcp("v6", "::1", 8080));
        _space.Publish(Rulesets.Rule("everything", "::/0", target: Target.ToService("v6")));
        Assert.Equal("v4", _space.DialTcp(Edge, 80));
        Assert.Equal("v6", _space.DialTcp("::1", 80));
    }

    [KernelFact]
    public void Denied_sources_are_refused_before_any_rule()
    {
        using var web = _space.Register(_space.Tcp("web", "127.0.0.2", 8080));
        using var unruled = _space.Tcp("unruled", "127.8.0.1", 80);
        Assert.True(Ruleset.TryCreate([To("web")], [new Prefix(Steering.Rules.Address.FromIPv4(0x7F090000), 16)], out var ruleset, out _));
        _space.Steering.Publish(ruleset);

        Assert.Equal("web", DialFrom("127.0.0.1", Edge));
        Assert.Equal(Client.Refused, DialFrom("127.9.1.2", Edge));
        Assert.Equal(Client.Refused, DialFrom("127.9.1.2", "127.8.0.1"));
        Assert.Equal(2UL, _space.Steering.ReadNamespaceCounters().Denied);

        string DialFrom(string source, string destination) => _space.Namespace.Run(() => Client.DialTcp(destination, 80, source)).Split(' ')[0];
    }

    [KernelFact]
    public void Steered_lookups_are_counted_by_port_and_survive_publishing()
    {
        using var web = _space.Register(_space.Tcp("web", "127.0.0.2", 8080));
        _space.Publish(To("web"));
        foreach (var port in (int[])[80, 80, 1, 1024, 65535])
            _space.DialTcp(Edge, port);
        _space.Publish(To("web"), Rulesets.Rule("more", "127.8.0.0/16", target: Target.Drop));
        _space.DialTcp(Edge, 80);
        _space.DialTcp("127.8.0.1", 80);

        var counters = _space.Steering.ReadPortCounters();
        Assert.Equal([(1, 1UL), (80, 3UL), (1024, 1UL), (65535, 1UL)], counters.Index().Where(entry => entry.Item != 0));
    }

    [KernelFact]
    public void Ports_are_not_counted_where_that_is_switched_off()
    {
        using var quiet = _space.Attach(new SteeringOptions { CountPorts = false });
        using var web = _space.Tcp("web", "127.0.0.2", 8080);
        quiet.Register("web", web.Socket.SafeHandle);
        quiet.Publish(Rulesets.Create(To("web")));
        Assert.Equal("web", _space.DialTcp(Edge, 80));
        Assert.All(quiet.ReadPortCounters(), count => Assert.Equal(0UL, count));
        Assert.Equal(1UL, quiet.ReadServiceCounters()[("web", Protocols.Tcp)].Steered);
    }

    [KernelFact]
    public void With_SYN_cookies_the_connection_stands_and_the_program_runs_twice()
    {
        _space.Namespace.Exec("sysctl", "-qw", "net.ipv4.tcp_syncookies=2");
        using var web = _space.Register(_space.Tcp("web", "127.0.0.2", 8080));
        _space.Publish(To("web"));
        Assert.Equal("web", _space.DialTcp(Edge, 80));
        Assert.Equal(2UL, _space.Counters("web", Protocols.Tcp).Steered);
    }

    [KernelFact]
    public void A_namespace_has_room_for_64_programs_and_the_65th_is_refused_in_words()
    {
        using var maps = SharedMaps.Create();
        using var generation = Generation.Load(TableCompiler.Compile(Ruleset.Empty, _ => 0), maps, countPorts: false);
        using var space = File.OpenHandle(_space.Namespace.Path);
        var links = new List<SafeFileHandle>();
        for (var i = 0; i < 64; i++)
        {
            links.Add(Libbpf.LinkCreate(generation.ProgramFd, space, Libbpf.AttachTypeSkLookup, 0));
            Assert.False(links[i].IsInvalid);
        }
        Assert.Contains("64 programs", Assert.Throws<SteeringException>(() => _space.Publish(To("web"))).Message);
        links[0].Dispose();
        _space.Publish(To("web"));
        links.ForEach(link => link.Dispose());
    }

    [KernelFact]
    public void Steering_outlives_the_name_of_its_namespace()
    {
        using var space = new SteeredNamespace();
        space.Publish(To("web"));
        space.Namespace.Dispose();
        space.Publish(To("other"));
        space.Steering.Dispose();
        Assert.Throws<ObjectDisposedException>(() => space.Publish(To("web")));
    }

    [KernelFact]
    public void A_link_of_a_dead_namespace_cannot_be_switched()
    {
        using var maps = SharedMaps.Create();
        using var generation = Generation.Load(TableCompiler.Compile(Ruleset.Empty, _ => 0), maps, countPorts: false);
        var dying = new NetworkNamespace();
        using var link = LinkTo(dying, generation);
        Assert.Equal(0, Libbpf.LinkUpdate(link, generation.ProgramFd, 0));

        // Nothing holds the namespace now, the link least of all; the kernel takes it down a little later.
        dying.Dispose();
        var (result, error) = (0, 0);
        for (var i = 0; i < 500 && result == 0; i++, Thread.Sleep(10))
            (result, error) = (Libbpf.LinkUpdate(link, generation.ProgramFd, 0), Marshal.GetLastPInvokeError());
        Assert.True(result < 0, "the namespace did not die");
        Assert.Equal(Libc.ENOLINK, error);

        static SafeFileHandle LinkTo(NetworkNamespace space, Generation generation)
        {
            using var file = File.OpenHandle(space.Path);
            return Libbpf.LinkCreate(generation.ProgramFd, file, Libbpf.AttachTypeSkLookup, 0);
        }
    }

    [KernelFact]
    public void What_the_kernel_refuses_leaves_the_rules_in_force_and_is_told_in_one_line()
    {
        using var web = _space.Register(_space.Tcp("web", "127.0.0.2", 8080));
        _space.Publish(To("web"));
        var error = Assert.Throws<SteeringException>(() => _space.Namespace.Run(() =>
        {
            Capabilities.DropFromThread();
            _space.Publish(Rulesets.Rule("edge", "127.7.0.0/16", target: Target.Drop));
        }));
        Assert.Equal(
            "Cannot load the BPF program: the kernel said 'Operation not permitted'; it needs CAP_BPF and CAP_NET_ADMIN, and a seccomp profile that allows bpf(2).",
            error.Message);
        Assert.Equal("web", _space.DialTcp(Edge, 80));
    }

    [KernelFact]
    public void What_cannot_be_published_leaves_the_rules_in_force()
    {
        using var web = _space.Register(_space.Tcp("web", "127.0.0.2", 8080));
        _space.Publish(To("web"));
        var tooMany = Enumerable.Range(0, TableLayout.MaxServices + 1).Select(i => Rulesets.Rule($"r{i}", $"10.0.{i / 256}.{i % 256}/32", target: Target.ToService($"s{i}")));
        Assert.Contains("4096 services", Assert.Throws<SteeringException>(() => _space.Publish([.. tooMany])).Message);
        Assert.Equal("web", _space.DialTcp(Edge, 80));
    }

    private static Rule To(string service) => Rulesets.Rule("edge", "127.7.0.0/16", target: Target.ToService(service));
}
