using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Origins;

namespace Everyport.EndToEnd.Tests.Flows;

/// <summary>The traffic class of a datagram, ECN included, survives the proxy in both directions.</summary>
public sealed class TrafficClassTests : IDisposable
{
    // Assured forwarding 41 with ECT(0), and expedited forwarding with "congestion experienced" (RFC 2597, 3246, 3168).
    private const byte Asked = 0x8A, Answered = 0xBB;
    private const int IPv4Header = 20, TrafficClass = 1, DestinationPort = IPv4Header + 2, SourcePort = IPv4Header;

    private readonly FlowBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [KernelFact]
    public void It_is_kept_both_ways()
    {
        _bed.Own(new UdpServer(_bed.Namespace, 7000, (socket, from, data) =>
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService, Answered);
            socket.SendTo(data, from);
        }));
        _bed.Start(FlowBed.Cluster("origin", "udp://127.0.0.1:7000"), """ "all": { "ClusterId": "origin", "Match": { "Protocol": "udp" } } """);
        _bed.Namespace.Run(() =>
        {
            // Sees every datagram that arrives in the namespace, with its IP header.
            using var watcher = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
            using var client = UdpClients.Connect("198.51.100.1", 53);
            client.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService, Asked);
            Assert.Equal("class"u8, UdpClients.Ask(client, "class"u8));

            var seen = new List<byte[]>();
            while (watcher.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead))
                seen.Add(UdpClients.Receive(watcher));
            Assert.Contains(seen, packet => Port(packet, DestinationPort) == 7000 && packet[TrafficClass] == Asked);
            Assert.Contains(seen, packet => Port(packet, SourcePort) == 53 && packet[TrafficClass] == Answered);
        });
    }

    private static int Port(byte[] packet, int offset) => packet[offset] << 8 | packet[offset + 1];
}
