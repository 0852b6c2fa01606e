using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Flows;

/// <summary>
/// The connected socket of a flow towards its destination. Being connected, its answers never pass the steering
/// program, whatever the rules say, and it learns when the destination is unreachable.
/// </summary>
internal sealed unsafe class UpstreamSocket : DatagramSocket
{
    private UpstreamSocket(SafeFileHandle handle, Endpoint destination) : base(handle, destination.Address.IsIPv6) =>
        Name = new FlowKey(SocketNames.Local(handle), destination.WhenDialled);

    /// <summary>What a datagram from here would look like, were it steered back to the proxy.</summary>
    public FlowKey Name { get; }

    /// <summary>Sends one datagram. What the kernel cannot take is lost, as datagrams may be.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        fixed (byte* bytes = datagram)
            _ = Syscalls.Send(Handle, bytes, (nuint)datagram.Length, Syscalls.MsgDontwait);
    }

    /// <summary>Opens a socket to a destination: 0, or the error of the kernel.</summary>
    public static int Open(Endpoint destination, out UpstreamSocket? socket)
    {
        socket = null;
        var handle = Open(destination.Address.IsIPv6);
        if (handle.IsInvalid)
            return Fail(handle);
        if (destination.Address.IsIPv6)
            Set(handle, Syscalls.SolIPv6, UdpSyscalls.IPv6ReceiveTrafficClass, 1);
        else
            Set(handle, Syscalls.SolIp, UdpSyscalls.IpReceiveTos, 1);
        Set(handle, UdpSyscalls.SolUdp, UdpSyscalls.UdpGro, 1);

        var address = stackalloc byte[SocketAddress.MaxSize];
        if (Syscalls.Connect(handle, address, (uint)WriteAddress(destination, address)) < 0)
            return Fail(handle);
        socket = new UpstreamSocket(handle, destination);
        return 0;
    }
}
