using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Connections;

namespace Everyport.Proxy.Tests.Connections;

/// <summary>Both sides of a proxied connection are probed when they are idle.</summary>
public class KeepAliveTests
{
    [Fact]
    public async Task Accepted_and_dialled_sockets_are_probed()
    {
        using var listener = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        KeepAlive.Enable(listener);
        listener.Bind(new IPEndPoint(IPAddress.Loopback.MapToIPv6(), 0));
        listener.Listen();

        using var dialled = await new UpstreamDialler(new UpstreamRegistry()).DialAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port, CancellationToken.None);
        using var accepted = await listener.AcceptAsync();
        AssertProbed(accepted);
        AssertProbed(dialled.Socket);
    }

    private static void AssertProbed(Socket socket)
    {
        Assert.NotEqual(0, (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        Assert.Equal(60, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        Assert.Equal(10, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
        Assert.Equal(6, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
    }
}
