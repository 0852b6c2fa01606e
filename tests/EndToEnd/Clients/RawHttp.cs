using System.Net.Sockets;
using System.Text;

namespace Everyport.EndToEnd.Tests.Clients;

/// <summary>HTTP/1 written by hand, for what well-behaved clients and servers would not write.</summary>
internal static class RawHttp
{
    public static void Write(Socket socket, string text) => socket.Send(Encoding.Latin1.GetBytes(text));

    /// <summary>Up to the empty line after a head.</summary>
    public static string ReadHead(Socket socket)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append(ReadCharacter(socket));
        return head.ToString();
    }

    /// <summary>As many bytes as told.</summary>
    public static string Read(Socket socket, int count) => Encoding.Latin1.GetString(TcpClients.Receive(socket, count));

    /// <summary>To the end.</summary>
    public static string ReadToEnd(Socket socket) => Encoding.Latin1.GetString(TcpClients.ReceiveToEnd(socket));

    /// <summary>To the end, and true, or until the connection breaks, and false.</summary>
    public static bool TryReadToEnd(Socket socket, out string text)
    {
        var received = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (socket.Receive(buffer) is > 0 and var length)
                received.Append(Encoding.Latin1.GetString(buffer, 0, length));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
        finally
        {
            text = received.ToString();
        }
    }

    /// <summary>Breaks the connection: a reset, where a close would be an orderly end.</summary>
    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    private static char ReadCharacter(Socket socket)
    {
        var buffer = new byte[1];
        return socket.Receive(buffer) == 1 ? (char)buffer[0] : throw new IOException("The connection has ended within a head.");
    }
}
