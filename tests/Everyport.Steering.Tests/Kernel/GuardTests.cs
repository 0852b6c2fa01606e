using System.Net;
using System.Net.Sockets;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>The guard rails: what a rule for all ports does not take away.</summary>
public sealed class GuardTests : IDisposable
{
    private const string HostAddress = "192.0.2.5";

    // The listeners of these tests belong to a process of their own: those of our own process are never foreign.
    private readonly List<ForeignProcess> _processes = [];
    private readonly NetworkNamespace _namespace = new();
    private readonly List<AttachedSteering> _steerings = [];

    public GuardTests()
    {
        _namespace.Ip("link", "add", "host0", "type", "veth", "peer", "name", "wire0");
        _namespace.Ip("addr", "add", $"{HostAddress}/32", "dev", "host0");
        _namespace.Ip("link", "set", "host0", "up");
    }

    public void Dispose()
    {
        _steerings.ForEach(steering => steering.Dispose());
        _processes.ForEach(process => process.Dispose());
        _namespace.Dispose();
    }

    [KernelTheory]
    [InlineData("*")]
    [InlineData("1-65535")]
    public void A_listener_of_another_program_keeps_its_port(string allPorts)
    {
        _processes.Add(ForeignProcess.Listen(_namespace, "0.0.0.0", 22));
        var (steering, publication) = Publish(new SteeringOptions(), Rulesets.Rule("edge", "192.0.2.0/24", allPorts));

        Assert.Equal(ForeignProcess.Greeting, Dial(HostAddress, 22));
        Assert.Equal(Client.Refused, Dial(HostAddress, 23)); // steered, and there is no proxy
        Assert.Equal(Client.Refused, Dial("192.0.2.6", 22)); // not an address of an interface: never the listener's
        Assert.Contains($"guard: listener TCP {HostAddress} port 22", publication.Guards.Select(rule => rule.Name));
        Assert.Equal("guard", steering.Ruleset.Decide(Protocols.Tcp, Parse(HostAddress), 22)!.Name.Split(':')[0]);
    }

    [KernelFact]
    public void A_listener_on_one_address_keeps_its_port_there()
    {
        _processes.Add(ForeignProcess.Listen(_namespace, "127.7.0.9", 8080));
        Publish(new SteeringOptions(), Rulesets.Rule("edge", "127.7.0.0/16"));
        Assert.Equal(ForeignProcess.Greeting, Dial("127.7.0.9", 8080));
        Assert.Equal(Client.Refused, Dial("127.7.0.10", 8080));
    }

    [KernelFact]
    public void A_rule_that_names_the_port_wins_over_the_listener()
    {
        _processes.Add(ForeignProcess.Listen(_namespace, "0.0.0.0", 22));
        var (_, publication) = Publish(new SteeringOptions(), Rulesets.Rule("edge", "192.0.2.0/24"), Rulesets.Rule("named", "192.0.2.0/24", "22-25"));
        Assert.Equal(Client.Refused, Dial(HostAddress, 22));
        Assert.DoesNotContain(publication.Guards, rule => rule.Name.Contains("listener", StringComparison.Ordinal));
    }

    [KernelFact]
    public void Listeners_are_hijacked_where_the_guard_is_switched_off()
    {
        _processes.Add(ForeignProcess.Listen(_namespace, "0.0.0.0", 22));
        Publish(new SteeringOptions { LeaveExistingListeners = false }, Rulesets.Rule("edge", "192.0.2.0/24"));
        Assert.Equal(Client.Refused, Dial(HostAddress, 22));
    }

    [KernelTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_unconnected_UDP_client_of_the_host_gets_its_answers_unless_the_guard_is_switched_off(bool guard)
    {
        using var dns = _namespace.Run(() => NamedServer.Udp("dns", "127.0.0.53", 53));
        var (_, publication) = Publish(new SteeringOptions { LeaveEphemeralPorts = guard }, Rulesets.Rule("edge", "192.0.2.0/24"));

        var answered = _namespace.Run(() =>
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = guard ? 60_000 : 500 };
            client.Bind(new IPEndPoint(IPAddress.Parse(HostAddress), 0));
            client.SendTo("?"u8, new IPEndPoint(IPAddress.Parse("127.0.0.53"), 53));
            try
            {
                return client.Receive(new byte[16]) > 0;
            }
            catch (SocketException)
            {
                return false;
            }
        });
        Assert.Equal(guard, answered);
        Assert.Equal(guard, publication.Guards.Any(rule => rule.Name == $"guard: ephemeral UDP ports of {HostAddress}, 32768-60999"));
    }

    [KernelFact]
    public void A_rule_that_names_UDP_ports_cuts_them_out_of_the_ephemeral_range()
    {
        var (_, publication) = Publish(new SteeringOptions(), Rulesets.Rule("edge", "192.0.2.0/24"), Rulesets.Rule("game", "192.0.2.0/24", "40000-40009"));
        Assert.Equal(["32768-39999", "40010-60999"], publication.Guards.Select(rule => rule.Ports.ToString()));
    }

    [KernelFact]
    public void A_network_of_an_interface_is_not_cut_off_by_a_local_route()
    {
        _namespace.Ip("addr", "add", "203.0.113.5/24", "dev", "host0");
        var (steering, publication) = Publish(new SteeringOptions(), Rulesets.Rule("wide", "203.0.0.0/16"), Rulesets.Rule("own", "198.51.100.0/24"));
        Assert.Equal("203.0.0.0/16", Assert.Single(publication.SkippedRoutes).Prefix.ToString());
        Assert.Equal(["198.51.100.0/24"], steering.AddedRoutes.Select(prefix => prefix.ToString()));
    }

    [KernelFact]
    public void A_network_that_is_left_out_does_not_take_narrower_ones_with_it()
    {
        _namespace.Ip("addr", "add", "203.0.113.5/24", "dev", "host0");
        var (steering, publication) = Publish(new SteeringOptions(), Rulesets.Rule("wide", "203.0.0.0/16", "80"), Rulesets.Rule("edge", "203.0.99.0/24"));
        Assert.Equal("203.0.0.0/16", Assert.Single(publication.SkippedRoutes).Prefix.ToString());
        Assert.Equal(["203.0.99.0/24"], steering.AddedRoutes.Select(prefix => prefix.ToString()));
    }

    [KernelFact]
    public void A_narrower_ruleset_keeps_its_prefix_local()
    {
        var (steering, _) = Publish(new SteeringOptions(), Rulesets.Rule("wide", "198.51.0.0/16"));
        steering.Publish(Rulesets.Create(Rulesets.Rule("narrow", "198.51.100.0/24")));
        Assert.Equal("local 198.51.100.0/24 dev lo scope host", Routes().Trim());
    }

    [KernelFact]
    public void A_range_that_is_no_longer_steered_stays_local_for_the_connections_to_it()
    {
        using var listener = LongConnection.Listen(_namespace);
        var (steering, _) = Publish(new SteeringOptions(), Rulesets.Rule("a", "198.51.100.0/24"), Rulesets.Rule("b", "203.0.113.0/24"));
        steering.Register(Target.ProxyService, listener.SafeHandle);
        using (var connection = new LongConnection(_namespace, listener, "198.51.100.7"))
        {
            steering.Publish(Rulesets.Create());
            connection.AssertEchoes();
            Assert.Equal("local 198.51.100.0/24 dev lo scope host", Routes().Trim());
        }
        steering.Publish(Rulesets.Create());
        Assert.Equal("", Routes());
    }

    [KernelFact]
    public void Routes_that_a_crash_left_behind_are_removed_at_the_next_start_but_not_those_of_the_living()
    {
        _namespace.Ip("route", "add", "local", "198.51.100.0/24", "dev", "lo", "proto", "197");
        var (first, _) = Publish(new SteeringOptions(), Rulesets.Rule("a", "192.0.2.128/25"));
        Assert.DoesNotContain("198.51.100.0/24", Routes());

        // One goes and comes back beside another: in whatever order, nobody's routes are taken for left behind.
        var (second, _) = Publish(new SteeringOptions(), Rulesets.Rule("b", "203.0.113.0/24"));
        first.Dispose();
        var (third, _) = Publish(new SteeringOptions(), Rulesets.Rule("b", "203.0.113.0/24"));
        Assert.Contains("203.0.113.0/24", Routes());
        second.Dispose();
        Assert.Contains("203.0.113.0/24", Routes());
        third.Dispose();
        Assert.Equal("", Routes());
    }

    [KernelFact]
    public void Rules_of_the_program_itself_are_published_with_every_ruleset()
    {
        using var admin = _namespace.Run(() => NamedServer.Tcp("admin", "127.7.0.1", 9464));
        var own = Rulesets.Rule("admin", "127.7.0.1/32", "9464", Protocols.Tcp, Target.Pass);
        Publish(new SteeringOptions { OwnRules = [own] }, Rulesets.Rule("edge", "127.7.0.0/16"), Rulesets.Rule("named", "127.7.0.0/16", "9464"));
        Assert.Equal("admin 127.7.0.1:9464", Dial("127.7.0.1", 9464));
    }

    private (AttachedSteering Steering, Publication Publication) Publish(SteeringOptions options, params Rule[] rules)
    {
        var steering = _namespace.Run(() => AttachedSteering.Open(options));
        _steerings.Add(steering);
        return (steering, steering.Publish(Rulesets.Create(rules)));
    }

    private string Dial(string address, int port) => _namespace.Run(() => Client.DialTcp(address, port));

    private string Routes() => _namespace.Ip("route", "show", "table", "local", "proto", "197");

    private static Address Parse(string text) => Address.TryParse(text, out var address) ? address : throw new FormatException(text);
}
