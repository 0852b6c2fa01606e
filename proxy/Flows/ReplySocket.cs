using System.Net.Sockets;
using System.Runtime.InteropServices;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Proxy.Flows;

/// <summary>
/// Sends answers from an original destination. It is bound there and never receives: while steering is attached,
/// the program takes every datagram first.
/// </summary>
internal sealed unsafe class ReplySocket : IDisposable
{
    private readonly SafeFileHandle _socket;

    /// <exception cref="SocketException">The kernel does not let us send from there.</exception>
    public ReplySocket(Endpoint original)
    {
        Original = original;
        _socket = Syscalls.Socket(
            original.Address.IsIPv6 ? Syscalls.AfInet6 : Syscalls.AfInet,
            Syscalls.SockDgram | Syscalls.SockNonblock | Syscalls.SockCloexec,
            0);
        if (_socket.IsInvalid)
            throw new SocketException();

        // Freebind: IPv6 does not let an address be bound that is only local by a route. Transparent: one that is
        // not local at all; without CAP_NET_ADMIN that is refused, and local destinations still work.
        Enable(Syscalls.SolSocket, Syscalls.SoReuseAddr);
        Enable(Syscalls.SolIp, Syscalls.IpFreebind);
        Enable(Syscalls.SolIp, Syscalls.IpTransparent);

        var address = stackalloc byte[SocketAddress.MaxSize];
        var size = SocketAddress.Write(original, new Span<byte>(address, SocketAddress.MaxSize));
        if (Syscalls.Bind(_socket, address, (uint)size) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            _socket.Dispose();
            throw new SocketException(error, Marshal.GetPInvokeErrorMessage(error));
        }
    }

    /// <summary>Where answers come from.</summary>
    public Endpoint Original { get; }

    /// <summary>How many flows send from here; <see cref="ReplySockets"/> counts.</summary>
    public int Users { get; set; }

    /// <summary>Sends to a client. What the kernel cannot take is lost, as datagrams may be.</summary>
    public bool Send(ReadOnlySpan<byte> data, Endpoint client)
    {
        var address = stackalloc byte[SocketAddress.MaxSize];
        var size = SocketAddress.Write(client, new Span<byte>(address, SocketAddress.MaxSize));
        fixed (byte* bytes = data)
            return Syscalls.SendTo(_socket, bytes, (nuint)data.Length, 0, address, (uint)size) >= 0;
    }

    public void Dispose() => _socket.Dispose();

    private void Enable(int level, int option)
    {
        var one = 1;
        _ = Syscalls.SetOption(_socket, level, option, &one, sizeof(int));
    }
}
