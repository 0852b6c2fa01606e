using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>What ends a flow, what refuses one, and what clients notice of it.</summary>
public sealed class FlowEndTests : IDisposable
{
    private const string Address = "198.51.100.1";

    private readonly FlowBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [KernelFact]
    public void An_origin_that_is_not_there_is_refused_to_the_client_by_ICMP_until_it_is_back()
    {
        _bed.Start(FlowBed.Cluster("origin", "udp://127.0.0.1:7000"), """ "all": { "ClusterId": "origin", "Match": { "Protocol": "udp" } } """);
        _bed.Namespace.Run(() =>
        {
            using var client = UdpClients.Connect(Address, 53);
            client.Send("anybody there?"u8);
            var refusal = Assert.Throws<SocketException>(() => UdpClients.Receive(client));
            Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
            Eventually.Holds(() => _bed.Told("ended: DestinationUnreachable") == 1, "the flow has not ended");

            using (UdpServer.ThatRepeats(_bed.Namespace, 7000))
                Assert.Equal("first"u8, UdpClients.Ask(client, "first"u8));
            Assert.Throws<SocketException>(() => UdpClients.Drain(client));
            using (UdpServer.ThatRepeats(_bed.Namespace, 7000))
                Assert.Equal("second"u8, UdpClients.Ask(client, "second"u8));
        });
    }

    [KernelFact]
    public void A_destination_that_refuses_is_passed_over_for_the_next_clients()
    {
        _bed.Own(UdpServer.ThatRepeats(_bed.Namespace, 7002));
        _bed.Start(
            """
            "two": {
              "LoadBalancingPolicy": "RoundRobin", "HealthCheck": { "Passive": { "Enabled": true, "ReactivationPeriod": "00:10:00" } },
              "Destinations": { "dead": { "Address": "udp://127.0.0.1:7001" }, "alive": { "Address": "udp://127.0.0.1:7002" } }
            }
            """,
            """ "all": { "ClusterId": "two", "Match": { "Protocol": "udp" } } """);
        _bed.Namespace.Run(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                using var client = UdpClients.Connect(Address, 1000 + i);
                Assert.Equal("hello"u8, UdpClients.Ask(client, "hello"u8));
            }
        });
        Eventually.Holds(() => _bed.Told("ended: DestinationUnreachable") > 0, "the dead one was never tried");
        Assert.InRange(_bed.Told("ended: DestinationUnreachable"), 1, 10);
    }

    [KernelFact]
    public void A_source_has_as_many_flows_as_it_is_allowed_and_gets_others_when_those_have_ended()
    {
        _bed.Own(UdpServer.ThatRepeats(_bed.Namespace, 7000));
        _bed.Start(
            FlowBed.Cluster("origin", "udp://127.0.0.1:7000"),
            """ "all": { "ClusterId": "origin", "IdleTimeout": "00:00:05", "Match": { "Protocol": "udp" } } """,
            """ "MaxFlowsPerSource": 3 """);
        _bed.Namespace.Run(() =>
        {
            var clients = Enumerable.Range(0, 3).Select(_ => UdpClients.Connect(Address, 53)).ToArray();
            foreach (var client in clients)
                Assert.Equal("mine"u8, UdpClients.Ask(client, "mine"u8));
            using var other = UdpClients.Connect(Address, 53);
            other.Send("too many"u8);
            Eventually.Holds(() => _bed.Told("(SourceFlows, 1 so far)") == 1, "the fourth flow was not refused");
            Assert.Equal(0, other.Available);
            Assert.Equal("at last"u8, UdpClients.Ask(other, "at last"u8));
            Eventually.Holds(() => _bed.Told("ended: Idle") >= 3, "no flow has become idle");
            foreach (var client in clients)
                client.Dispose();
        });
    }

    [KernelFact]
    public void A_stream_has_as_many_flows_as_it_is_allowed()
    {
        _bed.Own(UdpServer.ThatRepeats(_bed.Namespace, 7000));
        _bed.Start(FlowBed.Cluster("origin", "udp://127.0.0.1:7000"), """ "all": { "ClusterId": "origin", "MaxFlows": 1, "Match": { "Protocol": "udp" } } """);
        _bed.Namespace.Run(() =>
        {
            using var first = UdpClients.Connect(Address, 53);
            Assert.Equal("first"u8, UdpClients.Ask(first, "first"u8));
            using var second = UdpClients.Connect(Address, 53);
            second.Send("second"u8);
            Eventually.Holds(() => _bed.Told("(RouteFlows, 1 so far)") == 1, "the second flow was not refused");
            Assert.Equal("still"u8, UdpClients.Ask(first, "still"u8));
        });
    }

    [KernelFact]
    public void A_client_that_has_proved_nothing_is_answered_with_no_more_than_the_budget()
    {
        _bed.Own(UdpServer.ThatRepeats(_bed.Namespace, 7000, times: 10));
        _bed.Start(FlowBed.Cluster("origin", "udp://127.0.0.1:7000"), """ "all": { "ClusterId": "origin", "ReplyBudget": 2, "Match": { "Protocol": "udp" } } """);
        _bed.Namespace.Run(() =>
        {
            using var client = UdpClients.Connect(Address, 53);
            client.Send(new byte[100]);
            Eventually.Holds(() => _bed.Told("(ReplyBudget, ") >= 1, "nothing was withheld");
            UdpClients.Receive(client);
            UdpClients.Receive(client);
            Assert.Equal(0, client.Available);

            client.Send(new byte[100]);
            for (var i = 0; i < 10; i++)
                Assert.Equal(100, UdpClients.Receive(client).Length);
        });
    }

    [KernelFact]
    public void An_answer_to_a_false_source_in_the_steered_range_goes_no_further()
    {
        _bed.Own(UdpServer.ThatRepeats(_bed.Namespace, 7000));
        _bed.Start(FlowBed.Cluster("origin", "udp://127.0.0.1:7000"), """ "all": { "ClusterId": "origin", "Match": { "Protocol": "udp" } } """);
        _bed.Namespace.Run(() =>
        {
            using (var spoofer = UdpClients.Bind("198.51.100.9", 7777))
                spoofer.SendTo("around and around"u8, new System.Net.IPEndPoint(System.Net.IPAddress.Parse(Address), 8888));
            Eventually.Holds(() => _bed.Told("(FalseSource, 1 so far)") == 1, "the loop was not told");
        });
        Thread.Sleep(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _bed.Told("(FalseSource"));
    }
}
