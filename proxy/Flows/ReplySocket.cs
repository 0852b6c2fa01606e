using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Flows;

/// <summary>
/// Sends answers from an original destination. It is bound there and never receives: while steering is attached,
/// the program takes every datagram first. It says so to those who look for listeners, such as the guard rails of another proxy.
/// </summary>
internal sealed unsafe class ReplySocket : DatagramSocket
{
    private ReplySocket(SafeFileHandle handle, Endpoint original) : base(handle, original.Address.IsIPv6) => Original = original;

    /// <summary>Where answers come from.</summary>
    public Endpoint Original { get; }

    /// <summary>How many flows send from here; <see cref="ReplySockets"/> counts.</summary>
    public int Users { get; set; }

    /// <summary>Its place among those that no flow uses.</summary>
    public LinkedListNode<ReplySocket>? Idle { get; set; }

    /// <summary>Opens a socket that sends from there: 0, or the error of the kernel.</summary>
    public static int Open(Endpoint original, out ReplySocket? socket)
    {
        socket = null;
        var handle = Open(original.Address.IsIPv6);
        if (handle.IsInvalid)
            return Fail(handle);

        // Freebind: IPv6 does not let an address be bound that is only local by a route. Transparent: one that is
        // not local at all; without CAP_NET_ADMIN that is refused, and local destinations still work.
        Set(handle, Syscalls.SolSocket, Syscalls.SoReuseAddr, 1);
        Set(handle, Syscalls.SolIp, Syscalls.IpFreebind, 1);
        Set(handle, Syscalls.SolIp, Syscalls.IpTransparent, 1);

        var address = stackalloc byte[SocketAddress.MaxSize];
        if (Syscalls.Bind(handle, address, (uint)WriteAddress(original, address)) < 0)
            return Fail(handle);
        // Nobody shall take it for a listener; the kernel says that it is not connected, and does it nevertheless.
        _ = Syscalls.Shutdown(handle, Syscalls.ShutRd);
        socket = new ReplySocket(handle, original);
        return 0;
    }
}
