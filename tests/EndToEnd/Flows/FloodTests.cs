using System.Net;
using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>Datagrams with random sources, each of which would be a flow of its own, beside a client in conversation.</summary>
public sealed class FloodTests : IDisposable
{
    private const int MaxFlows = 2000, Datagrams = 100_000, Questions = 200;

    private readonly FlowBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [KernelFact]
    public void A_flood_of_flows_with_one_datagram_takes_bounded_room_and_leaves_conversations_alone()
    {
        _bed.Own(UdpServer.ThatRepeats(_bed.Namespace, 7000));
        _bed.Start(
            $"{FlowBed.Cluster("origin", "udp://127.0.0.1:7000")}, {FlowBed.Cluster("silent", "udp://127.0.0.1:7001")}",
            """
            "all": { "ClusterId": "origin", "Match": { "Protocol": "udp", "Ports": "53" } },
            "silent": { "ClusterId": "silent", "Match": { "Protocol": "udp", "Ports": "54" } }
            """,
            $""" "MaxFlows": {MaxFlows} """);
        _bed.Namespace.Run(() =>
        {
            using var silent = UdpClients.Bind("127.0.0.1", 7001);
            using var client = UdpClients.Connect("198.51.100.1", 53);
            Assert.Equal("before"u8, UdpClients.Ask(client, "before"u8));
            Assert.Equal("before"u8, UdpClients.Ask(client, "before"u8));
            var before = _bed.Descriptors();

            var flood = new Thread(() => _bed.Namespace.Run(() => Flood(Datagrams)));
            flood.Start();
            var (asked, answered, most) = (0, 0, 0);
            for (; asked < Questions || flood.IsAlive; asked++)
            {
                client.Send(BitConverter.GetBytes(asked));
                Thread.Sleep(5);
                answered += Drain(client);
                most = Math.Max(most, _bed.Descriptors());
            }
            flood.Join();
            Eventually.Holds(() => (answered += Drain(client)) >= asked * 0.9, () => $"{answered} of {asked} questions were answered during the flood");
            Assert.InRange(most, before, before + MaxFlows + 300);
            // A machine under load opens few of them; smaller floods fill what is left.
            Eventually.Holds(
                () =>
                {
                    if (_bed.Told("ended: Evicted") > 0)
                        return true;
                    Flood(MaxFlows / 2);
                    return false;
                },
                "the flood has not filled the table");
            Assert.InRange(_bed.Descriptors(), before, before + MaxFlows + 300);
        });
    }

    private static int Drain(Socket client)
    {
        var count = 0;
        for (; client.Available > 0; count++)
            UdpClients.Receive(client);
        return count;
    }

    private static void Flood(int datagrams)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw);
        var random = new Random();
        var to = new IPEndPoint(IPAddress.Parse("198.51.100.1"), 0);
        for (var i = 0; i < datagrams; i++)
            socket.SendTo(Datagram(random.Next(1 << 16), random.Next(1024, 65_536)), to);
    }

    /// <summary>An IPv4 packet from 127.1.x.y to port 54; the kernel fills in lengths and the checksum of the header.</summary>
    private static byte[] Datagram(int source, int port) =>
    [
        0x45, 0, 0, 29, 0, 0, 0, 0, 64, 17, 0, 0, 127, 1, (byte)(source >> 8), (byte)source, 198, 51, 100, 1,
        (byte)(port >> 8), (byte)port, 0, 54, 0, 9, 0, 0, (byte)'?',
    ];
}
