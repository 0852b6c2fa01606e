using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;

namespace Everyport.Steering.Sockets;

/// <summary>What the kernel says about a socket that is to be registered for a service.</summary>
/// <param name="IPv4">Whether it can take IPv4 lookups.</param>
/// <param name="IPv6">Whether it can take IPv6 lookups.</param>
/// <param name="Udp">UDP, or else TCP.</param>
/// <param name="Cookie">The number by which the kernel knows the socket.</param>
internal readonly record struct Listener(bool IPv4, bool IPv6, bool Udp, ulong Cookie)
{
    private const int IpProtoTcp = 6, IpProtoUdp = 17;

    /// <summary>Whether it takes lookups of a family and protocol.</summary>
    public bool Serves(bool ipv6, bool udp) => Udp == udp && (ipv6 ? IPv6 : IPv4);

    /// <summary>Inspects a socket; refuses one that the kernel could not steer to, and says why.</summary>
    public static Listener Inspect(SafeHandle socket)
    {
        var domain = Option(socket, Libc.SolSocket, Libc.SoDomain);
        var protocol = Option(socket, Libc.SolSocket, Libc.SoProtocol);
        if (domain is not (Libc.AfInet or Libc.AfInet6) || protocol is not (IpProtoTcp or IpProtoUdp))
            throw new SteeringException($"Cannot register the socket: only TCP and UDP sockets can be steered to (its family is {domain}, its protocol {protocol}).");

        var udp = protocol == IpProtoUdp;
        if (!udp && Option(socket, Libc.SolSocket, Libc.SoAcceptConn) == 0)
            throw new SteeringException("Cannot register the socket: a TCP socket must listen first.");

        if (udp && IsConnected(socket))
            throw new SteeringException("Cannot register the socket: it is connected, and a connected UDP socket gets the datagrams of its peer only.");

        var ipv6 = domain == Libc.AfInet6;
        var dual = ipv6 && Option(socket, Libc.IpProtoIPv6, Libc.IPv6Only) == 0;
        return new Listener(!ipv6 || dual, ipv6, udp, CookieOf(socket));
    }

    private static unsafe bool IsConnected(SafeHandle socket)
    {
        var peer = stackalloc byte[128];
        uint length = 128;
        return Libc.GetPeerName(socket, peer, &length) == 0;
    }

    private static int Option(SafeHandle socket, int level, int name) => (int)Read(socket, level, name, sizeof(int));

    private static ulong CookieOf(SafeHandle socket) => Read(socket, Libc.SolSocket, Libc.SoCookie, sizeof(ulong));

    private static unsafe ulong Read(SafeHandle socket, int level, int name, uint length)
    {
        ulong value = 0;
        if (Libc.GetSocketOption(socket, level, name, &value, &length) < 0)
            throw KernelError.Last("inspect the socket");
        return value;
    }
}
