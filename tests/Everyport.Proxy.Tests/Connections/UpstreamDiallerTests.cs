using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Connections;

namespace Everyport.Proxy.Tests.Connections;

/// <summary>Several addresses of one name, of which some do not answer.</summary>
public sealed class UpstreamDiallerTests : IDisposable
{
    private static readonly IPAddress Silent = IPAddress.Parse("127.0.0.2");

    private readonly UpstreamDialler _dialler = new(new UpstreamRegistry());
    private readonly List<Socket> _sockets = [];

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    [Fact]
    public async Task A_silent_address_leaves_time_for_the_next()
    {
        var port = Listen(IPAddress.Loopback, 0, 10);
        await FallSilentAsync(port);
        using var connection = await _dialler.DialAsync([Silent, IPAddress.Loopback], port, TimeSpan.FromSeconds(2), CancellationToken.None);
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)connection.Socket.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task Silence_of_all_addresses_is_a_timeout()
    {
        var port = Listen(IPAddress.Loopback, 0, 10);
        await FallSilentAsync(port);
        var error = await Assert.ThrowsAsync<SocketException>(() => _dialler.DialAsync([Silent, Silent], port, TimeSpan.FromMilliseconds(200), CancellationToken.None));
        Assert.Equal(SocketError.TimedOut, error.SocketErrorCode);
    }

    [Fact]
    public async Task Cancelling_is_no_timeout()
    {
        var port = Listen(IPAddress.Loopback, 0, 10);
        await FallSilentAsync(port);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _dialler.DialAsync([Silent, IPAddress.Loopback], port, TimeSpan.FromSeconds(60), cancelled.Token));
    }

    private int Listen(IPAddress address, int port, int backlog)
    {
        var socket = NewSocket();
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen(backlog);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>The kernel drops each SYN while the queue of a listener is full.</summary>
    private async Task FallSilentAsync(int port)
    {
        Listen(Silent, port, 0);
        await NewSocket().ConnectAsync(Silent, port);
    }

    private Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        return socket;
    }
}
