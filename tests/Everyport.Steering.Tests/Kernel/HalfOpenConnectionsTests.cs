using System.Net;
using System.Net.Sockets;
using Everyport.Steering.Netlink;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>Handshakes that have begun.</summary>
public sealed class HalfOpenConnectionsTests : IDisposable
{
    private const string ServerAddress = "192.0.2.1", ClientAddress = "192.0.2.2", ServerLink = "02:00:00:00:00:01", ClientLink = "02:00:00:00:00:02";

    private readonly NetworkNamespace _server = new(), _client = new();

    /// <summary>A client that tells nobody where it is: whatever the server answers is lost.</summary>
    public HalfOpenConnectionsTests()
    {
        _server.Ip("link", "add", "out", "address", ServerLink, "type", "veth", "peer", "name", "out", "address", ClientLink, "netns", _client.Name);
        foreach (var (machine, address) in ((NetworkNamespace, string)[])[(_server, ServerAddress), (_client, ClientAddress)])
        {
            machine.Ip("address", "add", $"{address}/24", "dev", "out");
            machine.Ip("link", "set", "out", "up");
        }
        _client.Ip("link", "set", "out", "arp", "off");
        _client.Ip("neighbour", "replace", ServerAddress, "lladdr", ServerLink, "dev", "out", "nud", "permanent");
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [KernelFact]
    public void A_handshake_is_counted_until_the_client_completes_it()
    {
        using var listener = _server.Run(() =>
        {
            Assert.Equal(0, HalfOpenConnections.Count());
            var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
            socket.Listen();
            return socket;
        });
        using var client = _client.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        var connecting = client.ConnectAsync(IPAddress.Parse(ServerAddress), ((IPEndPoint)listener.LocalEndPoint!).Port);
        Eventually(1);

        _server.Ip("neighbour", "replace", ClientAddress, "lladdr", ClientLink, "dev", "out", "nud", "permanent");
        Assert.True(connecting.Wait(TimeSpan.FromSeconds(60)), "the client is not connected");
        Eventually(0);
    }

    private void Eventually(int count) => _server.Run(() => Assert.True(SpinWait.SpinUntil(() => HalfOpenConnections.Count() == count, TimeSpan.FromSeconds(60)), $"there are not {count}"));
}
