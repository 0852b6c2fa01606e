using System.Net;
using System.Net.Sockets;

namespace Everyport.EndToEnd.Tests.Clients;

/// <summary>Plain TCP clients; use them inside <see cref="NetworkNamespace.Run{T}"/>.</summary>
internal static class TcpClients
{
    private const int TimeoutMilliseconds = 60_000;

    /// <summary>
    /// Connects from the loopback address. Left to itself the kernel connects from the destination address, and a
    /// client whose own port is the one it dials would talk to itself. Elsewhere, <paramref name="from"/> is the address.
    /// </summary>
    public static Socket Connect(string address, int port, string? from = null)
    {
        const int Attempts = 100;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return ConnectOnce(IPAddress.Parse(address), port, from);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset && attempt < Attempts)
            {
                // A reset may be here before connect() has returned. Tests want to see it where they receive.
            }
        }
    }

    private static Socket ConnectOnce(IPAddress ip, int port, string? from)
    {
        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = TimeoutMilliseconds,
            SendTimeout = TimeoutMilliseconds,
        };
        try
        {
            socket.Bind(new IPEndPoint(from is not null ? IPAddress.Parse(from) : ip.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, 0));
            socket.Connect(ip, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Everything that the other side sends until it has no more to send.</summary>
    public static byte[] ReceiveToEnd(Socket socket)
    {
        using var received = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (socket.Receive(buffer) is > 0 and var length)
            received.Write(buffer, 0, length);
        return received.ToArray();
    }

    /// <summary>Exactly as many bytes as asked for, or fewer where the other side has no more.</summary>
    public static byte[] Receive(Socket socket, int count)
    {
        var buffer = new byte[count];
        var received = 0;
        while (received < count && socket.Receive(buffer, received, count - received, SocketFlags.None) is > 0 and var length)
            received += length;
        return buffer[..received];
    }
}
