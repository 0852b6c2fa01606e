using System.Net.Sockets;
using System.Text;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;
using Everyport.EndToEnd.Tests.Program;

namespace Everyport.EndToEnd.Tests.Guards;

/// <summary>What the guard rails leave alone, what they say about it, and that they can be switched off.</summary>
public sealed class GuardTests : IDisposable
{
    private const string Address = "127.100.1.2", Banner = "the other listener", Echoed = "hello";

    private readonly NetworkNamespace _namespace = new();

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void Other_listeners_keep_their_ports_and_the_log_tells_it()
    {
        using var other = TcpServer.WithBanner(_namespace, Address, 22, Banner);
        using var everyport = Start(""" "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } """);
        AssertBanner(22);
        everyport.AssertTells("the rules for all ports leave alone the listener TCP 127.100.1.2 port 22;");
    }

    [KernelFact]
    public void A_guard_rail_that_is_off_is_told_and_guards_nothing()
    {
        using var other = TcpServer.WithBanner(_namespace, Address, 22, Banner);
        using var everyport = Start(""" "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } }, "LeaveExistingListeners": false, "LeaveEphemeralPorts": false, "PortCounters": false """);
        AssertEcho(22);
        everyport.AssertTells("The guard rail Steering:LeaveExistingListeners is off: ");
        everyport.AssertTells("The guard rail Steering:LeaveEphemeralPorts is off: ");
        Assert.DoesNotContain("The guard rail Steering:LocalRoutes is off: ", everyport.Output, StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData("127.0.0.1:9464")]
    [InlineData("0.0.0.0:9464")]
    [InlineData("[::]:9464")]
    public void The_admin_host_is_never_steered(string listen)
    {
        // That it has become ready is the proof: that is asked of 127.0.0.1.
        using var everyport = Start(""" "Rules": { "edge": { "Prefixes": ["127.0.0.0/8"], "Ports": "1-65535" } } """, $$""" , "Admin": { "Listen": "{{listen}}", "AllowAnonymous": true } """);
        everyport.AssertTells("127.0.0.1 port 9464 is not steered, as this program listens there itself (Admin:Listen)");
        everyport.AssertTells("127.0.0.1 port 9466 is not steered, as this program listens there itself (Demo:Echo)");
        AssertEcho(22);
    }

    [KernelFact]
    public void Routes_that_are_added_and_those_that_are_not_are_told()
    {
        _namespace.Ip("link", "add", "d0", "type", "veth", "peer", "name", "d1");
        _namespace.Ip("address", "add", "192.0.2.1/24", "dev", "d0");
        _namespace.Ip("link", "set", "d0", "up");
        using var everyport = Start(""" "Rules": { "edge": { "Prefixes": ["127.100.0.0/16", "198.51.100.0/24", "192.0.2.0/24"] } } """);
        everyport.AssertTells("198.51.100.0/24 dev lo");
        everyport.AssertTells("192.0.2.0/24 gets no local route, as that would cut off the network 192.0.2.0/24 of an interface");
        everyport.AssertTells("leave alone the ephemeral UDP ports of 192.0.2.1, 32768-60999;");
    }

    [KernelFact]
    public void Denied_sources_are_refused()
    {
        using var everyport = Start(""" "Rules": { "edge": { "Prefixes": ["127.100.0.0/16", "2001:db8:7::/48"] } }, "DenySources": ["::1"] """);
        _namespace.Run(() =>
        {
            var error = Assert.Throws<SocketException>(() => TcpClients.Connect("2001:db8:7::1", 25).Dispose());
            Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
            using var allowed = TcpClients.Connect(Address, 25);
        });
    }

    [KernelFact]
    public void A_destination_that_would_come_back_keeps_the_program_from_starting()
    {
        var result = EveryportProgram.Try(_namespace,
            """
            {
              "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
              "ReverseProxy": { "Clusters": { "mail": { "Destinations": { "a": { "Address": "tcp://127.100.0.5:25" } } } } },
              "Streams": { "mail": { "ClusterId": "mail" } }
            }
            """);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'tcp://127.100.0.5:25' would come back to the proxy: the rule 'edge' steers 127.100.0.5:25 to it.", result.Error, StringComparison.Ordinal);
    }

    private RunningEveryport Start(string steering, string rest = "") => RunningEveryport.Start(_namespace,
        $$"""
        {
          "Steering": { {{steering}} },
          "ReverseProxy": { "Clusters": { "echo": { "Destinations": { "built-in": { "Address": "tcp://127.0.0.1:9466" } } } } },
          "Streams": { "echo": { "ClusterId": "echo" } },
          "Demo": { "Http": "127.0.0.1:9465", "Echo": "127.0.0.1:9466" }
          {{rest}}
        }
        """);

    private void AssertBanner(int port) => _namespace.Run(() =>
    {
        using var client = TcpClients.Connect(Address, port);
        Assert.Equal(Banner, Encoding.ASCII.GetString(TcpClients.Receive(client, Banner.Length)));
    });

    private void AssertEcho(int port) => _namespace.Run(() =>
    {
        using var client = TcpClients.Connect(Address, port);
        client.Send(Encoding.ASCII.GetBytes(Echoed));
        Assert.Equal(Echoed, Encoding.ASCII.GetString(TcpClients.Receive(client, Echoed.Length)));
    });
}
