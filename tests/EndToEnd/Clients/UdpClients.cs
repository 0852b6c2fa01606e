using System.Net;
using System.Net.Sockets;

namespace Everyport.EndToEnd.Tests.Clients;

/// <summary>
/// UDP with the patience of a test. Clients are connected sockets: the kernel gives them nothing but what comes from
/// the very address and port that they have sent to.
/// </summary>
internal static class UdpClients
{
    private const int PatienceMilliseconds = 60_000;

    public static Socket Connect(string address, int port)
    {
        // Otherwise the kernel sends from the destination address itself, perhaps from the very port: to itself.
        var socket = Bind(address.Contains(':', StringComparison.Ordinal) ? "::1" : "127.0.0.1", 0);
        socket.Connect(IPAddress.Parse(address), port);
        return socket;
    }

    public static Socket Bind(string address, int port)
    {
        var ip = IPAddress.Parse(address);
        var socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = PatienceMilliseconds };
        socket.Bind(new IPEndPoint(ip, port));
        return socket;
    }

    public static byte[] Receive(Socket client)
    {
        var buffer = new byte[65_536];
        return buffer[..client.Receive(buffer)];
    }

    /// <summary>Sends once more, and receives until that fails.</summary>
    public static void Drain(Socket client)
    {
        client.Send("gone"u8);
        while (true)
            Receive(client);
    }

    /// <summary>Sends again and again until there is an answer: nobody else does when a datagram is lost.</summary>
    public static byte[] Ask(Socket client, ReadOnlySpan<byte> question)
    {
        const int Attempts = 200, WaitMicroseconds = 100_000;
        for (var i = 0; i < Attempts; i++)
        {
            try
            {
                client.Send(question);
                if (client.Poll(WaitMicroseconds, SelectMode.SelectRead))
                    return Receive(client);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                Thread.Sleep(TimeSpan.FromMicroseconds(WaitMicroseconds));
            }
        }
        throw new TimeoutException("there was no answer");
    }
}
