using System.Net.Sockets;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Reactors;

namespace Everyport.Proxy.Connections;

/// <summary>
/// What every TCP connection has, to clients as to destinations. Small writes leave at once (TCP_NODELAY): to hold them
/// back is for the two ends to decide. And idle connections are probed: a peer that vanishes without a word would
/// otherwise hold its sockets, and its place among <c>Limits:MaxConnections</c>, for ever.
/// </summary>
internal static class TcpOptions
{
    private const int IdleSeconds = 60, IntervalSeconds = 10, Probes = 6;

    /// <summary>On a listening socket: accepted ones inherit them, which saves system calls for each.</summary>
    public static void Set(Socket listener)
    {
        listener.NoDelay = true;
        listener.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        listener.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, IntervalSeconds);
        listener.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    /// <summary>On a socket that is going to be connected.</summary>
    public static void SendAtOnce(ReactorSocket socket) => socket.SetOption(Syscalls.SolTcp, Syscalls.TcpNodelay, 1);

    /// <summary>On a connection that has turned out to last: most end before they could ever be probed.</summary>
    public static void Probe(ReactorSocket socket)
    {
        socket.SetOption(Syscalls.SolTcp, Syscalls.TcpKeepIdle, IdleSeconds);
        socket.SetOption(Syscalls.SolTcp, Syscalls.TcpKeepInterval, IntervalSeconds);
        socket.SetOption(Syscalls.SolTcp, Syscalls.TcpKeepCount, Probes);
        socket.SetOption(Syscalls.SolSocket, Syscalls.SoKeepAlive, 1);
    }
}
