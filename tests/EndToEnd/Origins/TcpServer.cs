using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Everyport.EndToEnd.Tests.Origins;

/// <summary>A TCP server in a namespace that treats each connection in the same way, each on a thread of its own.</summary>
internal sealed class TcpServer : IDisposable
{
    private readonly Socket _listener;

    private TcpServer(NetworkNamespace @namespace, string address, int port, Action<Socket> serve)
    {
        _listener = @namespace.Run(() =>
        {
            var ip = IPAddress.Parse(address);
            var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(ip, port));
            socket.Listen();
            return socket;
        });
        StartThread(() =>
        {
            while (true)
            {
                var connection = _listener.Accept();
                StartThread(() =>
                {
                    using (connection)
                        serve(connection);
                });
            }
        });
    }

    /// <summary>Does with each connection what the test wants.</summary>
    public static TcpServer With(NetworkNamespace @namespace, string address, int port, Action<Socket> serve) => new(@namespace, address, port, serve);

    /// <summary>Sends back what it receives, to the end.</summary>
    public static TcpServer ThatEchoes(NetworkNamespace @namespace, string address, int port) => new(@namespace, address, port, connection =>
    {
        var buffer = new byte[64 * 1024];
        while (connection.Receive(buffer) is > 0 and var length)
            connection.Send(buffer, length, SocketFlags.None);
    });

    /// <summary>Says who has connected, and then waits for the client to close.</summary>
    public static TcpServer ThatTellsThePeer(NetworkNamespace @namespace, string address, int port) => new(@namespace, address, port, connection =>
    {
        connection.Send(Encoding.ASCII.GetBytes(((IPEndPoint)connection.RemoteEndPoint!).Address.ToString()));
        connection.Shutdown(SocketShutdown.Send);
        connection.Receive(new byte[1]);
    });

    /// <summary>Speaks first, as SMTP, SSH or MySQL do, and then waits for the client to close.</summary>
    public static TcpServer WithBanner(NetworkNamespace @namespace, string address, int port, string banner) => new(@namespace, address, port, connection =>
    {
        connection.Send(Encoding.ASCII.GetBytes(banner));
        connection.Receive(new byte[1]);
    });

    /// <summary>Sends something and breaks the connection as soon as the client has said something.</summary>
    public static TcpServer ThatBreaks(NetworkNamespace @namespace, string address, int port, string beginning) => new(@namespace, address, port, connection =>
    {
        connection.Send(Encoding.ASCII.GetBytes(beginning));
        connection.Receive(new byte[1]);
        connection.LingerState = new LingerOption(true, 0);
    });

    /// <summary>Greets with one byte, then tells how each connection ended: <c>end</c>, or the error.</summary>
    public static TcpServer ThatWatches(NetworkNamespace @namespace, string address, int port, Action<string> onEnd) => new(@namespace, address, port, connection =>
    {
        connection.Send("!"u8);
        try
        {
            while (connection.Receive(new byte[1024]) > 0) { }
            onEnd("end");
        }
        catch (SocketException e)
        {
            onEnd(e.SocketErrorCode.ToString());
        }
    });

    public void Dispose() => _listener.Dispose();

    private static void StartThread(Action code) => new Thread(() =>
    {
        try
        {
            code();
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The client is gone, or the test is over.
        }
    })
    { IsBackground = true }.Start();
}
