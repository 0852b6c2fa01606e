using System.Net.Sockets;
using System.Runtime.InteropServices;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Flows;

/// <summary>
/// The connected socket of a flow towards its destination. Being connected, its answers never pass the steering
/// program, whatever the rules say.
/// </summary>
internal sealed unsafe class UpstreamSocket : IDisposable
{
    public UpstreamSocket(Endpoint destination)
    {
        Handle = Syscalls.Socket(
            destination.Address.IsIPv6 ? Syscalls.AfInet6 : Syscalls.AfInet,
            Syscalls.SockDgram | Syscalls.SockNonblock | Syscalls.SockCloexec,
            0);
        if (Handle.IsInvalid)
            throw new SocketException();

        var address = stackalloc byte[SocketAddress.MaxSize];
        var size = SocketAddress.Write(destination, new Span<byte>(address, SocketAddress.MaxSize));
        if (Syscalls.Connect(Handle, address, (uint)size) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            Handle.Dispose();
            throw new SocketException(error, Marshal.GetPInvokeErrorMessage(error));
        }
        Name = new FlowKey(SocketNames.Local(Handle), destination.WhenDialled);
    }

    /// <summary>What a datagram from here would look like, were it steered back to the proxy.</summary>
    public FlowKey Name { get; }

    /// <summary>For epoll.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Sends to the destination; an error of an earlier datagram may show here.</summary>
    public bool Send(ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
            return Syscalls.Send(Handle, bytes, (nuint)data.Length, 0) >= 0;
    }

    /// <summary>
    /// Receives one datagram without waiting: its length, or null where there is none. <paramref name="failed"/>
    /// tells that the destination is unreachable.
    /// </summary>
    public int? Receive(Span<byte> buffer, out bool failed)
    {
        nint length;
        fixed (byte* bytes = buffer)
            length = Syscalls.Receive(Handle, bytes, (nuint)buffer.Length, Syscalls.MsgDontwait);
        failed = length < 0 && Marshal.GetLastPInvokeError() is not (Syscalls.EAGAIN or Syscalls.EINTR);
        return length < 0 ? null : (int)length;
    }

    public void Dispose() => Handle.Dispose();
}
