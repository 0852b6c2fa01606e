using System.Net;
using System.Net.Sockets;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Routes;

/// <summary>Dials an origin from the address of somebody else. Used within a namespace.</summary>
internal static class TransparentDial
{
    public const string Refused = "refused", NoAnswer = "no answer";

    /// <summary>What the origin says, or <see cref="Refused"/>, or <see cref="NoAnswer"/>.</summary>
    public static string From(string client, string origin, int port, uint mark)
    {
        var address = IPAddress.Parse(client);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        const int SolSocket = 1, SoReuseAddress = 2, SoMark = 36, SolIp = 0, IpTransparent = 19, SolIPv6 = 41, IPv6Transparent = 75;
        var ipv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        socket.SetRawSocketOption(ipv6 ? SolIPv6 : SolIp, ipv6 ? IPv6Transparent : IpTransparent, BitConverter.GetBytes(1));
        socket.SetRawSocketOption(SolSocket, SoReuseAddress, BitConverter.GetBytes(1));
        if (mark != 0)
            socket.SetRawSocketOption(SolSocket, SoMark, BitConverter.GetBytes(mark));
        BindToSomePort(socket, address, ReturnRoutes.DiallingPorts);
        return Ask(socket, new IPEndPoint(IPAddress.Parse(origin), port));
    }

    /// <summary>The same from an address of the namespace: any port of it, or that given.</summary>
    public static string Directly(string origin, int port, int from = 0)
    {
        var address = IPAddress.Parse(origin);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (from != 0)
            socket.Bind(new IPEndPoint(address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, from));
        return Ask(socket, new IPEndPoint(address, port));
    }

    private static void BindToSomePort(Socket socket, IPAddress address, PortRange ports)
    {
        while (true)
        {
            try
            {
                socket.Bind(new IPEndPoint(address, Random.Shared.Next(ports.First, ports.Last + 1)));
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody listens there: another port.
            }
        }
    }

    private static string Ask(Socket socket, IPEndPoint origin)
    {
        try
        {
            if (!socket.ConnectAsync(origin).Wait(TimeSpan.FromSeconds(10)))
                return NoAnswer;
            socket.ReceiveTimeout = 10_000;
            using var stream = new NetworkStream(socket);
            return new StreamReader(stream).ReadToEnd();
        }
        catch (AggregateException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return Refused;
        }
    }
}
