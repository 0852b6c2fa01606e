using System.Net.Sockets;

namespace Everyport.Proxy.Connections;

/// <summary>
/// Probes of idle TCP connections. A peer that vanishes without a word would otherwise hold its sockets, and its
/// place among <c>Limits:MaxConnections</c>, for ever.
/// </summary>
internal static class KeepAlive
{
    private const int IdleSeconds = 60, IntervalSeconds = 10, Probes = 6;

    public static void Enable(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, IntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }
}
