using System.Net;
using System.Net.Sockets;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>Both ends of a TCP connection that is steered, and stays open. Its server is a listener that nobody else accepts from.</summary>
internal sealed class LongConnection : IDisposable
{
    private readonly Socket _client, _server;

    public LongConnection(NetworkNamespace space, Socket listener, string address, int port = 80)
    {
        _client = space.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 5000, LingerState = new LingerOption(true, 0) });
        _client.Connect(IPAddress.Parse(address), port);
        _server = listener.Accept();
        _server.ReceiveTimeout = 5000;
    }

    /// <summary>A listener that somebody has to steer to.</summary>
    public static Socket Listen(NetworkNamespace space) => space.Run(() =>
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        listener.Listen();
        return listener;
    });

    public void AssertEchoes()
    {
        var buffer = new byte[8];
        _client.Send("there"u8);
        Assert.Equal(5, _server.Receive(buffer));
        _server.Send("back"u8);
        Assert.Equal(4, _client.Receive(buffer));
    }

    /// <summary>Ends it at once, on both ends.</summary>
    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }
}
