using System.Runtime.InteropServices;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Flows;

/// <summary>A socket that datagrams are sent from.</summary>
internal abstract unsafe class DatagramSocket(SafeFileHandle handle, bool isIPv6) : IDisposable
{
    /// <summary>No place of a batch.</summary>
    public const int NoPlace = -1;

    public SafeFileHandle Handle => handle;

    public bool IsIPv6 => isIPv6;

    /// <summary>False once the kernel has refused to cut messages for this socket: its device or path cannot have it.</summary>
    public bool CanSegment { get; set; } = true;

    /// <summary>The first and the last place in the <see cref="Outbox"/> that is to be sent from here.</summary>
    public int First { get; set; } = NoPlace;

    /// <inheritdoc cref="First"/>
    public int Last { get; set; } = NoPlace;

    public void Dispose() => handle.Dispose();

    /// <summary>A socket for datagrams that may be fragmented: one that is too large for the path must not vanish without a trace.</summary>
    protected static SafeFileHandle Open(bool ipv6)
    {
        var handle = Syscalls.Socket(ipv6 ? Syscalls.AfInet6 : Syscalls.AfInet, Syscalls.SockDgram | Syscalls.SockNonblock | Syscalls.SockCloexec, 0);
        if (handle.IsInvalid)
            return handle;
        if (ipv6)
            Set(handle, Syscalls.SolIPv6, UdpSyscalls.IPv6MtuDiscover, UdpSyscalls.PathMtuDiscoveryOff);
        else
            Set(handle, Syscalls.SolIp, UdpSyscalls.IpMtuDiscover, UdpSyscalls.PathMtuDiscoveryOff);
        return handle;
    }

    protected static void Set(SafeFileHandle handle, int level, int option, int value) => _ = Syscalls.SetOption(handle, level, option, &value, sizeof(int));

    /// <summary>Closes a socket for which a call has failed, and returns the error.</summary>
    protected static int Fail(SafeFileHandle handle)
    {
        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return error;
    }

    protected static int WriteAddress(Endpoint endpoint, byte* address) => SocketAddress.Write(endpoint, new Span<byte>(address, SocketAddress.MaxSize));
}
