using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Tests.Reactors;
using Everyport.Steering.Rules;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Tests.Connections;

/// <summary>Both sides of a proxied connection are probed when they are idle, and send what is small at once.</summary>
public sealed class TcpOptionsTests : IDisposable
{
    private readonly ReactorScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Accepted_and_dialled_sockets_have_them()
    {
        var listener = _scene.Own(new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true });
        TcpOptions.Set(listener);
        listener.Bind(new IPEndPoint(IPAddress.Loopback.MapToIPv6(), 0));
        listener.Listen();

        var destination = new Endpoint(Address.From(IPAddress.Loopback), (ushort)((IPEndPoint)listener.LocalEndPoint!).Port);
        var dialled = await _scene.RunAsync(async () =>
        {
            var result = await new UpstreamDialler(_scene.Reactor, new UpstreamRegistry(_ => true)).DialAsync(destination, ReactorScene.Patience, source: null);
            _ = result.Connection!.ToStream(_scene.Reactor);
            return result.Connection.Socket;
        });
        using var accepted = await listener.AcceptAsync();
        AssertSet(accepted);
        using var handle = new SafeSocketHandle(dialled.DangerousGetHandle(), ownsHandle: false);
        AssertSet(new Socket(handle));
    }

    private static void AssertSet(Socket socket)
    {
        Assert.NotEqual(0, (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay)!);
        Assert.NotEqual(0, (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        Assert.Equal(60, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        Assert.Equal(10, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
        Assert.Equal(6, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
    }
}
