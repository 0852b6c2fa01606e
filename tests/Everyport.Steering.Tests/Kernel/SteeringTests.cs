using System.Net;
using System.Net.Sockets;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>Steering in a real namespace: who answers at an address and port.</summary>
public sealed class SteeringTests : IDisposable
{
    private const int Lookups = 500;

    private readonly SteeredNamespace _space = new();
    private readonly Random _random = new(4711);

    public void Dispose() => _space.Dispose();

    [KernelFact]
    public void One_TCP_socket_answers_on_every_port_of_a_range()
    {
        using var proxy = Register(() => NamedServer.Tcp("proxy", "::"));
        Publish(Rulesets.Rule("v4", "198.51.100.0/24"), Rulesets.Rule("v6", "2001:db8:7::/48"));
        _space.Namespace.Run(() =>
        {
            for (var i = 0; i < Lookups; i++)
            {
                var (v4, v6, port) = ($"198.51.100.{_random.Next(256)}", $"2001:db8:7:{_random.Next(65536):x}::{_random.Next(1, 65536):x}", RandomPort());
                Assert.Equal($"proxy {v4}:{port}", Client.DialTcp(v4, port));
                Assert.Equal($"proxy {new IPEndPoint(IPAddress.Parse(v6), port)}", Client.DialTcp(v6, port));
            }
        });
        Assert.Equal(2UL * Lookups, _space.Steering.ReadServiceCounters()[("proxy", Protocols.Tcp)].Steered);
    }

    [KernelFact]
    public void One_UDP_socket_receives_on_every_port_of_a_range()
    {
        using var proxy = Register(() => NamedServer.Udp("proxy", "::"));
        Publish(Rulesets.Rule("v4", "198.51.100.0/24"), Rulesets.Rule("v6", "2001:db8:7::/48"));
        _space.Namespace.Run(() =>
        {
            for (var i = 0; i < Lookups; i++)
            {
                Assert.Equal("proxy", Client.AskUdp($"198.51.100.{_random.Next(256)}", RandomPort()));
                Assert.Equal("proxy", Client.AskUdp($"2001:db8:7:{_random.Next(65536):x}::1", RandomPort()));
            }
        });
        Assert.Equal(2UL * Lookups, _space.Steering.ReadServiceCounters()[("proxy", Protocols.Udp)].Steered);
    }

    [KernelFact]
    public void Pass_leaves_a_port_to_its_owner_and_Drop_refuses()
    {
        using var proxy = Register(() => NamedServer.Tcp("proxy", "::"));
        using var ssh = _space.Namespace.Run(() => NamedServer.Tcp("ssh", "127.7.0.1", 22));
        using var hidden = _space.Namespace.Run(() => NamedServer.Tcp("hidden", "127.7.0.66", 80));
        Publish(
            Rulesets.Rule("edge", "127.7.0.0/16"),
            Rulesets.Rule("ssh", "127.7.0.0/16", "22", target: Target.Pass),
            Rulesets.Rule("dark", "127.7.0.66/32", target: Target.Drop));
        _space.Namespace.Run(() =>
        {
            Assert.Equal("ssh 127.7.0.1:22", Client.DialTcp("127.7.0.1", 22));
            Assert.Equal(Client.Refused, Client.DialTcp("127.7.0.2", 22));
            Assert.Equal("proxy 127.7.0.1:23", Client.DialTcp("127.7.0.1", 23));
            Assert.Equal(Client.Refused, Client.DialTcp("127.7.0.66", 80));
            Assert.Equal(Client.Refused, Client.AskUdpConnected("127.7.0.66", 53));
        });
        Assert.Equal(2UL, _space.Steering.ReadNamespaceCounters().Passed);
        Assert.Equal(2UL, _space.Steering.ReadNamespaceCounters().Dropped);
    }

    [KernelFact]
    public void What_a_rule_gives_to_a_service_without_a_socket_never_falls_through()
    {
        using var other = _space.Namespace.Run(() => NamedServer.Tcp("other", "127.7.0.1", 80));
        Publish(Rulesets.Rule("edge", "127.7.0.0/16"));
        Assert.Equal(Client.Refused, _space.Namespace.Run(() => Client.DialTcp("127.7.0.1", 80)));
        Assert.Equal(1UL, _space.Steering.ReadServiceCounters()[("proxy", Protocols.Tcp)].Refused);
    }

    [KernelFact]
    public void Listeners_outside_the_rules_are_untouched()
    {
        using var proxy = Register(() => NamedServer.Tcp("proxy", "::"));
        using var disjoint = _space.Namespace.Run(() => NamedServer.Tcp("disjoint", "127.8.0.1", 8080));
        using var same = _space.Namespace.Run(() => NamedServer.Tcp("same address", "127.7.0.1", 9090));
        Publish(Rulesets.Rule("edge", "127.7.0.0/16", "8080"));
        _space.Namespace.Run(() =>
        {
            Assert.Equal("proxy 127.7.0.1:8080", Client.DialTcp("127.7.0.1", 8080));
            Assert.Equal("disjoint 127.8.0.1:8080", Client.DialTcp("127.8.0.1", 8080));
            Assert.Equal("same address 127.7.0.1:9090", Client.DialTcp("127.7.0.1", 9090));
        });
    }

    [KernelFact]
    public void A_connected_UDP_socket_keeps_its_datagrams()
    {
        using var proxy = Register(() => NamedServer.Udp("proxy", "::"));
        Publish(Rulesets.Rule("edge", "127.7.0.0/16"));
        _space.Namespace.Run(() =>
        {
            using var a = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
            using var b = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
            a.Bind(new IPEndPoint(IPAddress.Parse("127.7.0.1"), 5000));
            b.Bind(new IPEndPoint(IPAddress.Parse("127.7.0.2"), 5000));
            a.Connect(b.LocalEndPoint!);
            b.Connect(a.LocalEndPoint!);
            a.Send("hello"u8);
            Assert.Equal(5, b.Receive(new byte[16]));
        });
        Assert.Equal(0UL, _space.Steering.ReadServiceCounters()[("proxy", Protocols.Udp)].Steered);
    }

    [KernelFact]
    public void Publishing_replaces_the_rules_and_disposing_returns_to_the_normal_lookup()
    {
        using var proxy = Register(() => NamedServer.Tcp("proxy", "::"));
        using var other = _space.Namespace.Run(() => NamedServer.Tcp("other", "127.7.0.1", 80));
        string Dial() => _space.Namespace.Run(() => Client.DialTcp("127.7.0.1", 80));

        Publish(Rulesets.Rule("edge", "127.7.0.0/16"));
        Assert.Equal("proxy 127.7.0.1:80", Dial());
        Publish(Rulesets.Rule("edge", "127.7.0.0/16", "81-90"));
        Assert.Equal("other 127.7.0.1:80", Dial());
        Publish(Rulesets.Rule("edge", "127.7.0.0/16", "80"));
        Assert.Equal("proxy 127.7.0.1:80", Dial());
        _space.Steering.Dispose();
        Assert.Equal("other 127.7.0.1:80", Dial());
    }

    [KernelFact]
    public void Steered_prefixes_are_made_local_and_the_routes_are_removed()
    {
        Publish(Rulesets.Rule("v4", "198.51.100.0/24"), Rulesets.Rule("inside", "198.51.100.0/28", "80"), Rulesets.Rule("v6", "2001:db8:7::/48"));
        string Routes() => _space.Namespace.Ip("route", "show", "table", "local", "proto", "197") + _space.Namespace.Ip("-6", "route", "show", "table", "local", "proto", "197");
        Assert.Equal(["198.51.100.0/24", "2001:db8:7::/48"], _space.Steering.AddedRoutes.Select(prefix => prefix.ToString()));
        Assert.Contains("local 198.51.100.0/24 dev lo", Routes());
        Assert.Contains("local 2001:db8:7::/48 dev lo", Routes());

        Publish(Rulesets.Rule("v4", "198.51.100.0/24"), Rulesets.Rule("loopback", "127.7.0.0/16"));
        Assert.DoesNotContain("2001:db8", Routes());
        _space.Steering.Dispose();
        Assert.Equal("", Routes());
    }

    private NamedServer Register(Func<NamedServer> start) => _space.Register(_space.Namespace.Run(start));

    private void Publish(params Rule[] rules) => _space.Publish(rules);

    private int RandomPort() => _random.Next(1, 65536);
}
