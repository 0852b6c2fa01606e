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
    /// <summary>What to do about a program that listens with MPTCP.</summary>
    public const string WithoutMptcp = "switch MPTCP off in the program (in one written in Go: GODEBUG=multipathtcp=0), or for the machine: 'sysctl net.mptcp.enabled=0'";

    /// <summary>Whether it takes lookups of a family and protocol.</summary>
    public bool Serves(bool ipv6, bool udp) => Udp == udp && (ipv6 ? IPv6 : IPv4);

    /// <summary>Inspects a socket; refuses one that the kernel could not steer to, and says why.</summary>
    public static Listener Inspect(SafeHandle socket) => TryInspect(socket, out var listener) is var fault && fault == ListenerFault.None
        ? listener
        : throw new SteeringException($"Cannot register the socket: {Explain(fault)}.");

    /// <summary>The same, with the reason where it could not.</summary>
    public static ListenerFault TryInspect(SafeHandle socket, out Listener listener)
    {
        listener = default;
        if (!TryRead(socket, Libc.SolSocket, Libc.SoDomain, sizeof(int), out var domain))
            return Marshal.GetLastPInvokeError() == Libc.ENOTSOCK ? ListenerFault.NoSocket : throw KernelError.Last("inspect the socket");
        var protocol = Option(socket, Libc.SolSocket, Libc.SoProtocol);
        if (FaultOf((int)domain, protocol) is not ListenerFault.None and var other)
            return other;

        var (local, udp) = (LocalEndpoint.Of(socket), protocol == Libc.IpProtoUdp);
        if ((udp ? FaultOfUdp(socket, local) : FaultOfTcp(socket)) is not ListenerFault.None and var fault)
            return fault;

        var ipv6 = domain == Libc.AfInet6;
        // One that is bound to an IPv6 address takes no IPv4, whatever IPV6_V6ONLY says.
        var dual = ipv6 && Option(socket, Libc.IpProtoIPv6, Libc.IPv6Only) == 0 && (local.IsEverywhere || !local.Address.IsIPv6);
        listener = new Listener(!ipv6 || dual, ipv6, udp, CookieOf(socket));
        return ListenerFault.None;
    }

    /// <summary>A fault as a clause: <c>it is connected, ...</c></summary>
    public static string Explain(ListenerFault fault) => fault switch
    {
        ListenerFault.NoSocket => "it is no socket, but something else that is open",
        ListenerFault.Unix => "it is a Unix socket, and only TCP and UDP can be steered",
        ListenerFault.Mptcp => $"it is an MPTCP socket, and the kernel steers to plain TCP only; {WithoutMptcp}",
        ListenerFault.Connection => "it is a TCP connection, and a socket must listen first",
        ListenerFault.NotListening => "a TCP socket must listen first",
        ListenerFault.Connected => "it is connected, and a connected UDP socket gets the datagrams of its peer only",
        ListenerFault.Unbound => "a UDP socket must be bound to a port first",
        _ => "only TCP and UDP sockets can be steered to",
    };

    private static ListenerFault FaultOf(int domain, int protocol) => (domain, protocol) switch
    {
        (Libc.AfInet or Libc.AfInet6, Libc.IpProtoTcp or Libc.IpProtoUdp) => ListenerFault.None,
        (Libc.AfInet or Libc.AfInet6, Libc.IpProtoMptcp) => ListenerFault.Mptcp,
        (Libc.AfUnix, _) => ListenerFault.Unix,
        _ => ListenerFault.OtherProtocol,
    };

    private static ListenerFault FaultOfTcp(SafeHandle socket) =>
        Option(socket, Libc.SolSocket, Libc.SoAcceptConn) != 0 ? ListenerFault.None
        : IsConnected(socket) ? ListenerFault.Connection
        : ListenerFault.NotListening;

    private static ListenerFault FaultOfUdp(SafeHandle socket, LocalEndpoint local) =>
        IsConnected(socket) ? ListenerFault.Connected
        : local.Port == 0 ? ListenerFault.Unbound
        : ListenerFault.None;

    private static unsafe bool IsConnected(SafeHandle socket)
    {
        var peer = stackalloc byte[128];
        uint length = 128;
        return Libc.GetPeerName(socket, peer, &length) == 0;
    }

    private static ulong CookieOf(SafeHandle socket) => Read(socket, Libc.SolSocket, Libc.SoCookie, sizeof(ulong));

    private static int Option(SafeHandle socket, int level, int name) => (int)Read(socket, level, name, sizeof(int));

    private static ulong Read(SafeHandle socket, int level, int name, uint length) =>
        TryRead(socket, level, name, length, out var value) ? value : throw KernelError.Last("inspect the socket");

    private static unsafe bool TryRead(SafeHandle socket, int level, int name, uint length, out ulong value)
    {
        ulong read = 0;
        var done = Libc.GetSocketOption(socket, level, name, &read, &length) == 0;
        value = read;
        return done;
    }
}
