using System.Net;
using System.Net.Sockets;

namespace Everyport.Proxy.Connections;

/// <summary>
/// The sockets that steering gives traffic to. They are bound to the IPv4 dummy address, which is never a valid
/// destination (RFC 7600): only steering can reach them, and they take up no port of any real address. Being
/// dual-stack, one socket serves both families.
/// </summary>
internal static class SteeredSockets
{
    private const int SolIp = 0, SolIPv6 = 41, IpTransparent = 19, IpFreebind = 15;
    private const int IpRecvOriginalDestination = 20, IPv6RecvOriginalDestination = 74;

    private static readonly IPAddress DummyAddress = IPAddress.Parse("192.0.0.8").MapToIPv6();

    /// <summary>A listening TCP socket.</summary>
    public static Socket ListenTcp()
    {
        var socket = Bind(SocketType.Stream, ProtocolType.Tcp);
        TcpOptions.Set(socket);
        socket.Blocking = false; // of several reactors that wake, one accepts and the others must not wait
        socket.Listen(int.MaxValue); // the kernel cuts it to net.core.somaxconn
        return socket;
    }

    /// <summary>A UDP socket that tells the original destination of every datagram.</summary>
    public static Socket BindUdp()
    {
        var socket = Bind(SocketType.Dgram, ProtocolType.Udp);
        socket.SetRawSocketOption(SolIp, IpRecvOriginalDestination, One);
        socket.SetRawSocketOption(SolIPv6, IPv6RecvOriginalDestination, One);
        return socket;
    }

    private static ReadOnlySpan<byte> One => [1, 0, 0, 0];

    private static Socket Bind(SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(AddressFamily.InterNetworkV6, type, protocol) { DualMode = true };
        try
        {
            socket.SetRawSocketOption(SolIp, IpFreebind, One);
            AllowForeignAddresses(socket);
            socket.Bind(new IPEndPoint(DummyAddress, 0));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Lets IPv4 answers leave where the original destination is not an address of this machine (a gateway).</summary>
    private static void AllowForeignAddresses(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(SolIp, IpTransparent, One);
        }
        catch (SocketException)
        {
            // Without CAP_NET_ADMIN only local destinations work, which is what LocalRoutes makes of them.
        }
    }
}
