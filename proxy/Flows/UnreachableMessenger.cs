using Everyport.Proxy.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Flows;

/// <summary>
/// Tells clients by ICMP that their destination is unreachable, where the process has CAP_NET_RAW. Otherwise they are told
/// nothing, and find out by themselves. For any number of threads.
/// </summary>
internal sealed unsafe class UnreachableMessenger : IDisposable
{
    private readonly SafeFileHandle _ipv4 = Open(Syscalls.AfInet), _ipv6 = Open(Syscalls.AfInet6);

    /// <summary>Sends one message, smaller than most datagrams; it ends a flow, so there can be no more than there are flows.</summary>
    public void Tell(FlowKey flow)
    {
        var socket = flow.Original.Address.IsIPv6 ? _ipv6 : _ipv4;
        if (socket.IsInvalid)
            return;
        var packet = stackalloc byte[UnreachableMessage.MaxSize];
        var length = UnreachableMessage.Write(new Span<byte>(packet, UnreachableMessage.MaxSize), flow);
        var address = stackalloc byte[SocketAddress.MaxSize];
        // A raw socket takes the port for a protocol.
        var addressLength = SocketAddress.Write(flow.Client with { Port = 0 }, new Span<byte>(address, SocketAddress.MaxSize));
        _ = Syscalls.SendTo(socket, packet, (nuint)length, Syscalls.MsgDontwait, address, (uint)addressLength);
    }

    public void Dispose()
    {
        _ipv4.Dispose();
        _ipv6.Dispose();
    }

    /// <summary>A socket of this kind sends whole packets, and receives nothing; see raw(7).</summary>
    private static SafeFileHandle Open(int family) => Syscalls.Socket(family, UdpSyscalls.SockRaw | Syscalls.SockCloexec, UdpSyscalls.IpProtoRaw);
}
