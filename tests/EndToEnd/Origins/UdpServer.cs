using System.Net;
using System.Net.Sockets;
using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>A UDP server in a namespace that treats each datagram in the same way.</summary>
internal sealed class UdpServer : IDisposable
{
    private readonly Socket _socket;

    public UdpServer(NetworkNamespace @namespace, int port, Action<Socket, EndPoint, byte[]> serve)
    {
        _socket = @namespace.Run(() => UdpClients.Bind("127.0.0.1", port));
        _socket.ReceiveTimeout = 0;
        new Thread(() =>
        {
            var buffer = new byte[65_536];
            try
            {
                while (true)
                {
                    EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                    var length = _socket.ReceiveFrom(buffer, ref from);
                    serve(_socket, from, buffer[..length]);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        })
        { IsBackground = true }.Start();
    }

    /// <summary>Answers with what it gets, so many times.</summary>
    public static UdpServer ThatRepeats(NetworkNamespace @namespace, int port, int times = 1) => new(@namespace, port, (socket, from, data) =>
    {
        for (var i = 0; i < times; i++)
            socket.SendTo(data, from);
    });

    public void Dispose() => _socket.Dispose();
}
