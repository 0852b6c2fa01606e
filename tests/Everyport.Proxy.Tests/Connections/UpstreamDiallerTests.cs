using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Tests.Reactors;
using Everyport.Steering.Rules;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Tests.Connections;

/// <summary>Several addresses of one name, of which some do not answer.</summary>
public sealed class UpstreamDiallerTests : IDisposable
{
    private const int ConnectionRefused = 111; // ECONNREFUSED
    private static readonly IPAddress Silent = IPAddress.Parse("127.0.0.2"), Refusing = IPAddress.Parse("127.0.0.3");

    private readonly ReactorScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task A_silent_address_does_not_keep_the_next_one_waiting()
    {
        var port = Listen(IPAddress.Loopback, 0, 10);
        await FallSilentAsync(port);
        Assert.Equal(IPAddress.Loopback, (await DialAsync(port, TimeSpan.FromMinutes(10), Silent, Silent, IPAddress.Loopback)).Peer);
    }

    [Fact]
    public async Task An_address_that_refuses_is_followed_by_the_next()
    {
        var port = Listen(IPAddress.Loopback, 0, 10);
        Assert.Equal(IPAddress.Loopback, (await DialAsync(port, TimeSpan.FromMinutes(10), Refusing, IPAddress.Loopback)).Peer);
    }

    [Fact]
    public async Task Where_all_refuse_it_is_told_that_they_do()
    {
        var port = Listen(IPAddress.Loopback, 0, 10);
        Assert.Equal(ConnectionRefused, (await DialAsync(port, TimeSpan.FromMinutes(10), Refusing, Refusing)).Error);
        Assert.Equal(ConnectionRefused, (await DialAsync(port, TimeSpan.FromMinutes(10), Refusing)).Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Silence_of_all_addresses_is_a_timeout(int addresses)
    {
        var port = Listen(IPAddress.Loopback, 0, 10);
        await FallSilentAsync(port);
        Assert.Equal(
            Syscalls.ETIMEDOUT, (await DialAsync(port, TimeSpan.FromMilliseconds(200), [.. Enumerable.Repeat(Silent, addresses)])).Error);
    }

    [Fact]
    public async Task What_is_dialled_is_known_for_as_long_as_it_is_open()
    {
        var registry = new UpstreamRegistry(_ => true);
        var port = Listen(IPAddress.Loopback, 0, 10);
        var destination = new Endpoint(Address.From(IPAddress.Loopback), (ushort)port);
        var (whileOpen, afterwards) = await _scene.RunAsync(async () =>
        {
            var connection = (await new UpstreamDialler(_scene.Reactor, registry).DialAsync(destination, ReactorScene.Patience, source: null)).Connection!;
            var own = SocketNames.Local(connection.Socket);
            var known = registry.Contains(own, destination);
            connection.Dispose();
            return (known, registry.Contains(own, destination));
        });
        Assert.True(whileOpen);
        Assert.False(afterwards);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_dial_ends_when_the_proxy_stops(int addresses)
    {
        var port = Listen(IPAddress.Loopback, 0, 10);
        await FallSilentAsync(port);
        var dialling = DialAsync(port, TimeSpan.FromMinutes(10), [.. Enumerable.Repeat(Silent, addresses)]);
        await _scene.RunAsync(() => ValueTask.FromResult(true)); // it has begun
        _scene.Reactor.Dispose();
        Assert.Equal(Syscalls.ECANCELED, (await dialling).Error);
    }

    private Task<(IPAddress? Peer, int Error)> DialAsync(int port, TimeSpan timeout, params IPAddress[] addresses) => _scene.RunAsync(async () =>
    {
        var dialler = new UpstreamDialler(_scene.Reactor, new UpstreamRegistry(_ => true));
        var result = await dialler.DialAsync([.. addresses.Select(Address.From)], (ushort)port, timeout, source: null);
        using var connection = result.Connection;
        return (connection is null ? null : SocketNames.Remote(connection.Socket).ToIPEndPoint().Address, result.Error);
    });

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

    private Socket NewSocket() => _scene.Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
}
