using System.Net;
using System.Net.Sockets;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Tests.Reactors;
using Everyport.Steering.Rules;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Tests.Connections;

/// <summary>Connections of our own are known from the first packet on, and forgotten with their sockets.</summary>
public sealed class UpstreamRegistryTests : IDisposable
{
    private readonly UpstreamRegistry _registry = new(_ => true);
    private readonly ReactorScene _scene = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public UpstreamRegistryTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public void Dispose()
    {
        _scene.Dispose();
        _listener.Dispose();
    }

    private IPEndPoint Destination => (IPEndPoint)_listener.LocalEndPoint!;

    [Fact]
    public void A_connection_is_known_before_connect_has_returned_to_who_dials()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var registration = _registry.Register(Endpoint.From(Destination), socket.SafeHandle);
        socket.Connect(Destination);

        // Here connect() has returned, but nobody has been told.
        Assert.True(IsOwn(_listener.Accept()));
        registration!.Connected();
        Assert.True(_registry.Contains(SocketNames.Local(socket), Endpoint.From(Destination)));
    }

    [Fact]
    public async Task Every_connection_is_known_when_it_is_accepted_however_many_are_dialled_at_once()
    {
        const int Rounds = 500;
        var accepting = Task.Run(() =>
        {
            var known = 0;
            for (var i = 0; i < Rounds * 2; i++)
                known += IsOwn(_listener.Accept()) ? 1 : 0;
            return known;
        });
        // The registry sees no connection again that the dialler has closed: all stay open.
        var connections = new List<UpstreamConnection>();
        for (var i = 0; i < Rounds; i++)
            connections.AddRange(await Task.WhenAll(Dial(), Dial()));
        Assert.Equal(Rounds * 2, await accepting);

        Task<UpstreamConnection> Dial() => DialAsync(IPAddress.Loopback);
    }

    [Fact]
    public async Task A_connection_of_somebody_else_to_the_same_destination_is_not_ours()
    {
        await DialAsync(IPAddress.Loopback);
        using var foreign = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        foreign.Connect(Destination);
        Assert.True(IsOwn(_listener.Accept()));
        Assert.False(IsOwn(_listener.Accept()));
    }

    [Fact]
    public async Task What_is_closed_is_forgotten()
    {
        var connection = await DialAsync(IPAddress.Loopback);
        var local = SocketNames.Local(connection.Socket);
        await _scene.RunAsync(() =>
        {
            connection.ToStream(_scene.Reactor).Dispose();
            return ValueTask.FromResult(0);
        });
        Assert.False(_registry.Contains(local, Endpoint.From(Destination)));
    }

    [Fact]
    public async Task The_unspecified_address_is_dialled_as_loopback()
    {
        await DialAsync(IPAddress.Any);
        Assert.True(IsOwn(_listener.Accept()));
    }

    /// <summary>A connection that stays open until the scene ends.</summary>
    private Task<UpstreamConnection> DialAsync(IPAddress address) => _scene.RunAsync(async () =>
    {
        var destination = new Endpoint(Address.From(address), (ushort)Destination.Port);
        return (await new UpstreamDialler(_scene.Reactor, _registry).DialAsync(destination, ReactorScene.Patience, source: null)).Connection!;
    });

    private bool IsOwn(Socket accepted)
    {
        using (accepted)
            return _registry.Contains(SocketNames.Remote(accepted), SocketNames.Local(accepted));
    }
}
