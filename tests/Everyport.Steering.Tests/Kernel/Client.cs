using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>Dials from within a namespace; use it inside <see cref="NetworkNamespace.Run{T}"/>.</summary>
internal static class Client
{
    public const string Refused = "refused";

    private const int PatienceMilliseconds = 60_000;

    /// <summary>What the server that answers a TCP connection says, or <see cref="Refused"/>.</summary>
    public static string DialTcp(string address, int port, string? source = null)
    {
        var ip = IPAddress.Parse(address);
        using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = PatienceMilliseconds };
        if (source is not null)
            socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        try
        {
            socket.Connect(ip, port);
            using var stream = new NetworkStream(socket);
            return new StreamReader(stream).ReadToEnd();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return Refused;
        }
    }

    /// <summary>The answer to a datagram from an unconnected socket, or <see cref="Refused"/>.</summary>
    public static string AskUdp(string address, int port)
    {
        var ip = IPAddress.Parse(address);
        using var socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = PatienceMilliseconds };
        // The program sees answers to an unconnected socket too: bind where no rule of a test reaches.
        socket.Bind(new IPEndPoint(ip.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, 0));
        socket.SendTo("?"u8, new IPEndPoint(ip, port));
        var buffer = new byte[2048];
        EndPoint from = new IPEndPoint(ip, 0);
        return Encoding.UTF8.GetString(buffer, 0, socket.ReceiveFrom(buffer, ref from));
    }

    /// <summary>The error of a connected UDP socket after it has sent a datagram that is refused.</summary>
    public static string AskUdpConnected(string address, int port)
    {
        var ip = IPAddress.Parse(address);
        using var socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = PatienceMilliseconds };
        socket.Connect(ip, port);
        var buffer = new byte[2048];
        try
        {
            socket.Send("?"u8);
            return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return Refused;
        }
    }
}
