using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>
/// A server that tells its name: to each TCP connection with its local endpoint, to each datagram as the answer.
/// Made and used within a namespace by <see cref="NetworkNamespace.Run{T}"/>.
/// </summary>
internal sealed class NamedServer : IDisposable
{
    private NamedServer(string name, Socket socket) => (Name, Socket) = (name, socket);

    public string Name { get; }

    public Socket Socket { get; }

    public int Port => ((IPEndPoint)Socket.LocalEndPoint!).Port;

    public static NamedServer Tcp(string name, string address, int port = 0, Action<Socket>? prepare = null)
    {
        var socket = Bind(SocketType.Stream, ProtocolType.Tcp, address, port, prepare);
        socket.Listen(1024);
        var server = new NamedServer(name, socket);
        new Thread(server.AcceptAll) { IsBackground = true }.Start();
        return server;
    }

    public static NamedServer Udp(string name, string address, int port = 0, Action<Socket>? prepare = null)
    {
        var server = new NamedServer(name, Bind(SocketType.Dgram, ProtocolType.Udp, address, port, prepare));
        new Thread(server.AnswerAll) { IsBackground = true }.Start();
        return server;
    }

    public void Dispose() => Socket.Dispose();

    private static Socket Bind(SocketType type, ProtocolType protocol, string address, int port, Action<Socket>? prepare)
    {
        var ip = IPAddress.Parse(address);
        var socket = new Socket(ip.AddressFamily, type, protocol);
        if (ip.Equals(IPAddress.IPv6Any) || ip.IsIPv4MappedToIPv6)
            socket.DualMode = true;
        prepare?.Invoke(socket);
        socket.Bind(new IPEndPoint(ip, port));
        return socket;
    }

    private void AcceptAll()
    {
        try
        {
            while (true)
            {
                using var connection = Socket.Accept();
                // A socket made anew from the descriptor asks the kernel for its local address.
                var local = new Socket(new SafeSocketHandle(connection.Handle, ownsHandle: false)).LocalEndPoint;
                connection.Send(Encoding.UTF8.GetBytes($"{Name} {Unmapped((IPEndPoint)local!)}"));
                connection.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void AnswerAll()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                EndPoint from = new IPEndPoint(Socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
                Socket.ReceiveFrom(buffer, ref from);
                Socket.SendTo(Encoding.UTF8.GetBytes(Name), from);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static IPEndPoint Unmapped(IPEndPoint endpoint) =>
        endpoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endpoint.Address.MapToIPv4(), endpoint.Port) : endpoint;
}
