using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>Several threads, each with a socket of its own.</summary>
public sealed class FlowThreadsTests : IDisposable
{
    private const int Threads = 4, Clients = 100, Rounds = 5;

    private readonly FlowBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [KernelFact]
    public void Each_flow_stays_with_one_thread_and_all_of_them_are_served()
    {
        _bed.Own(UdpServer.ThatRepeats(_bed.Namespace, 7000));
        _bed.Start(
            FlowBed.Cluster("origin", "udp://127.0.0.1:7000"),
            """ "all": { "ClusterId": "origin", "Match": { "Protocol": "udp" } } """,
            $""" "FlowThreads": {Threads}, "FlowIdleTimeout": "00:00:10" """);
        _bed.Namespace.Run(() =>
        {
            var clients = Enumerable.Range(0, Clients).Select(_ => UdpClients.Connect("198.51.100.1", 53)).ToArray();
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var client in clients)
                    client.Send(BitConverter.GetBytes(round));
                foreach (var client in clients)
                    Assert.Equal(BitConverter.GetBytes(round), UdpClients.Receive(client));
            }
            // Were the datagrams of one client to meet two threads, there would be two flows of fewer datagrams each.
            Eventually.Holds(() => _bed.Told("ended: Idle") == Clients, "flows do not end");
            Assert.Equal(Clients, _bed.Told($"ended: Idle, {Rounds} datagrams"));
            foreach (var client in clients)
                client.Dispose();
        });
    }
}
