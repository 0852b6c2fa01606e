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
    private const int IpRecvTos = 13, IPv6RecvTrafficClass = 66, SolUdp = 17, UdpGro = 104;
    private const int SolSocket = 1, SoReceiveBuffer = 8, SoReusePort = 15, SoReceiveBufferForce = 33;
    private const int TcpInfo = 11, TcpInfoQueued = 24;

    private static readonly IPAddress DummyAddress = IPAddress.Parse("192.0.0.8").MapToIPv6();

    /// <summary>A listening TCP socket.</summary>
    public static Socket ListenTcp()
    {
        var socket = Bind(SocketType.Stream, ProtocolType.Tcp, 0);
        TcpOptions.Set(socket);
        socket.Blocking = false; // of several reactors that wake, one accepts and the others must not wait
        socket.Listen(int.MaxValue); // the kernel cuts it to net.core.somaxconn
        return socket;
    }

    /// <summary>How many connections of a listening socket wait to be accepted.</summary>
    public static int Queued(Socket listener)
    {
        // tcpi_unacked of struct tcp_info, which for a listening socket is the length of its queue.
        Span<byte> info = stackalloc byte[TcpInfoQueued + sizeof(int)];
        return listener.GetRawSocketOption((int)ProtocolType.Tcp, TcpInfo, info) < info.Length ? 0 : BitConverter.ToInt32(info[TcpInfoQueued..]);
    }

    /// <summary>
    /// A UDP socket that tells the original destination and the traffic class of every datagram, and takes several that
    /// arrive as one. With <paramref name="first"/>, it shares the port of that one: the kernel spreads clients over them.
    /// </summary>
    public static Socket BindUdp(Socket? first, int receiveBuffer)
    {
        var socket = Bind(SocketType.Dgram, ProtocolType.Udp, ((IPEndPoint?)first?.LocalEndPoint)?.Port ?? 0);
        socket.SetRawSocketOption(SolIp, IpRecvOriginalDestination, One);
        socket.SetRawSocketOption(SolIPv6, IPv6RecvOriginalDestination, One);
        socket.SetRawSocketOption(SolIp, IpRecvTos, One);
        socket.SetRawSocketOption(SolIPv6, IPv6RecvTrafficClass, One);
        socket.SetRawSocketOption(SolUdp, UdpGro, One);
        // Beyond net.core.rmem_max only with CAP_NET_ADMIN; otherwise the kernel gives as much as it allows.
        if (!TrySet(socket, SolSocket, SoReceiveBufferForce, BitConverter.GetBytes(receiveBuffer / 2)))
            TrySet(socket, SolSocket, SoReceiveBuffer, BitConverter.GetBytes(receiveBuffer / 2));
        return socket;
    }

    private static ReadOnlySpan<byte> One => [1, 0, 0, 0];

    private static Socket Bind(SocketType type, ProtocolType protocol, int port)
    {
        var socket = new Socket(AddressFamily.InterNetworkV6, type, protocol) { DualMode = true };
        try
        {
            socket.SetRawSocketOption(SolIp, IpFreebind, One);
            // Lets IPv4 answers leave where the original destination is not an address of this machine (a gateway).
            // Without CAP_NET_ADMIN only local destinations work, which is what LocalRoutes makes of them.
            TrySet(socket, SolIp, IpTransparent, One);
            if (type == SocketType.Dgram)
                socket.SetRawSocketOption(SolSocket, SoReusePort, One);
            socket.Bind(new IPEndPoint(DummyAddress, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool TrySet(Socket socket, int level, int option, ReadOnlySpan<byte> value)
    {
        try
        {
            socket.SetRawSocketOption(level, option, value);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
