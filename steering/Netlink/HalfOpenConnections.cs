using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;

namespace Everyport.Steering.Netlink;

/// <summary>
/// TCP connections of this thread's namespace whose handshake has begun; see sock_diag(7). They come to the listener that the SYN was steered to, wherever a
/// new one would go by then.
/// </summary>
public static class HalfOpenConnections
{
    private const int NetlinkSockDiag = 4, RequestSize = 56, IpProtoTcp = 6;
    private const ushort SockDiagByFamily = 20;

    /// <summary>TCP_SYN_RECV and TCP_NEW_SYN_RECV of net/tcp_states.h.</summary>
    private const uint States = 1 << 3 | 1 << 12;

    /// <summary>How many there are. With SYN cookies the kernel knows of none.</summary>
    /// <exception cref="SteeringException">The kernel does not tell.</exception>
    public static int Count()
    {
        using var socket = new NetlinkSocket(NetlinkSockDiag);
        var count = 0;
        foreach (var family in (ReadOnlySpan<byte>)[Libc.AfInet, Libc.AfInet6])
        {
            var message = NetlinkSocket.NewMessage(SockDiagByFamily, NetlinkSocket.Dump, RequestSize);
            var body = message.AsSpan(NetlinkSocket.HeaderSize);
            body[0] = family;
            body[1] = IpProtoTcp;
            MemoryMarshal.Write(body[4..], States);
            socket.ReadDump(message, SockDiagByFamily, "list the half-open connections", _ => count++);
        }
        return count;
    }
}
