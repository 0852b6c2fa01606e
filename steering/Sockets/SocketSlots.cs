using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Tables;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Sockets;

/// <summary>
/// The slots of services in the sockets map. The map holds no socket open: the kernel empties a slot when the last
/// file descriptor of its socket is closed, and the program goes on to the next member.
/// </summary>
internal sealed unsafe class SocketSlots(SafeFileHandle map)
{
    /// <summary>Puts a socket into the first free slot of each family that it can serve.</summary>
    public void Register(int service, string name, SafeHandle socket)
    {
        var listener = Listener.Inspect(socket);
        if (listener.IPv4)
            Add(service, name, ipv6: false, listener, socket);
        if (listener.IPv6)
            Add(service, name, ipv6: true, listener, socket);
    }

    /// <summary>The cookies of the sockets of a service for one family and protocol; an empty slot is left out.</summary>
    public IReadOnlyList<ulong> Cookies(int service, bool ipv6, bool udp)
    {
        var cookies = new List<ulong>();
        var first = TableLayout.FirstSlot(service, ipv6, udp);
        for (var slot = first; slot < first + TableLayout.MembersPerFamily; slot++)
        {
            if (Cookie(slot) is { } cookie)
                cookies.Add(cookie);
        }
        return cookies;
    }

    /// <summary>The cookies of all sockets of the first services.</summary>
    public IReadOnlySet<ulong> AllCookies(int services)
    {
        var cookies = new HashSet<ulong>();
        for (var slot = 0; slot < services * TableLayout.SlotsPerService; slot++)
        {
            if (Cookie(slot) is { } cookie)
                cookies.Add(cookie);
        }
        return cookies;
    }

    private void Add(int service, string name, bool ipv6, Listener listener, SafeHandle socket)
    {
        if (Cookies(service, ipv6, listener.Udp).Contains(listener.Cookie))
            return;

        var slot = (uint)TableLayout.FirstSlot(service, ipv6, listener.Udp);
        var held = false;
        socket.DangerousAddRef(ref held);
        try
        {
            var fd = (ulong)socket.DangerousGetHandle();
            for (var member = 0; member < TableLayout.MembersPerFamily; member++, slot++)
            {
                if (Libbpf.MapUpdate(map, &slot, &fd, Libbpf.NoExist) == 0)
                    return;
                if (Marshal.GetLastPInvokeError() != Libc.EEXIST)
                    throw KernelError.Last($"register a socket for the service '{name}'");
            }
        }
        finally
        {
            socket.DangerousRelease();
        }
        throw new SteeringException(
            $"Cannot register a socket for the service '{name}': all {TableLayout.MembersPerFamily} slots of its family and protocol are taken.");
    }

    private ulong? Cookie(int slot)
    {
        ulong cookie = 0;
        return Libbpf.MapLookup(map, &slot, &cookie) == 0 ? cookie : null;
    }
}
