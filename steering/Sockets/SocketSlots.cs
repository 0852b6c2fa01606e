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
    /// <summary>The slots that we have filled, and the cookies of our sockets there.</summary>
    private readonly Dictionary<int, ulong> _own = [];

    /// <summary>Whether somebody has put another socket into a slot of ours.</summary>
    public bool HaveSuccessor => _own.Any(own => Cookie(own.Key) is { } cookie && cookie != own.Value);

    /// <summary>Whether the first services have sockets that are not ours.</summary>
    public bool HaveOthers(int services) => AllCookies(services).Except(_own.Values).Any();

    /// <summary>Whether there is a socket in any of these slots.</summary>
    public bool AnyIn(int first, int count) => Enumerable.Range(first, count).Any(slot => Cookie(slot) is not null);

    /// <summary>Puts a socket into the first free slot of each family that it can serve.</summary>
    public void Register(int service, string name, SafeHandle socket)
    {
        var listener = Listener.Inspect(socket);
        if (listener.IPv4)
            Add(service, name, ipv6: false, listener, socket);
        if (listener.IPv6)
            Add(service, name, ipv6: true, listener, socket);
    }

    /// <summary>
    /// Puts these sockets in the place of all that a service has, slot by slot, each in one step: at no time is there none.
    /// </summary>
    public void Replace(int service, string name, IReadOnlyList<SafeHandle> sockets)
    {
        (SafeHandle Socket, Listener Listener)[] listeners = [.. sockets.Select(socket => (socket, Listener.Inspect(socket)))];
        foreach (var (ipv6, udp) in (ReadOnlySpan<(bool, bool)>)[(false, false), (true, false), (false, true), (true, true)])
        {
            (SafeHandle Socket, Listener Listener)[] members = [.. listeners.Where(member => member.Listener.Udp == udp && (ipv6 ? member.Listener.IPv6 : member.Listener.IPv4))];
            if (members.Length > TableLayout.MembersPerFamily)
                throw AllTaken(name);
            var first = TableLayout.FirstSlot(service, ipv6, udp);
            for (var i = 0; i < TableLayout.MembersPerFamily; i++)
            {
                if (i >= members.Length)
                    Empty(first + i);
                else if (!TryFill(first + i, members[i].Socket, members[i].Listener.Cookie, Libbpf.Any))
                    throw KernelError.Last($"register a socket for the service '{name}'");
            }
        }
    }

    /// <summary>Empties the slots that still hold our sockets.</summary>
    public void Withdraw()
    {
        foreach (var (slot, cookie) in _own)
        {
            if (Cookie(slot) == cookie)
                Empty(slot);
        }
        _own.Clear();
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

        var first = TableLayout.FirstSlot(service, ipv6, listener.Udp);
        for (var slot = first; slot < first + TableLayout.MembersPerFamily; slot++)
        {
            if (TryFill(slot, socket, listener.Cookie, Libbpf.NoExist))
                return;
            if (Marshal.GetLastPInvokeError() != Libc.EEXIST)
                throw KernelError.Last($"register a socket for the service '{name}'");
        }
        throw AllTaken(name);
    }

    private bool TryFill(int slot, SafeHandle socket, ulong cookie, ulong flags)
    {
        var held = false;
        socket.DangerousAddRef(ref held);
        try
        {
            var fd = (ulong)socket.DangerousGetHandle();
            if (Libbpf.MapUpdate(map, &slot, &fd, flags) < 0)
                return false;
            _own[slot] = cookie;
            return true;
        }
        finally
        {
            socket.DangerousRelease();
        }
    }

    private void Empty(int slot) => _ = Libbpf.MapDelete(map, &slot); // an error says that it is empty

    private ulong? Cookie(int slot)
    {
        ulong cookie = 0;
        return Libbpf.MapLookup(map, &slot, &cookie) == 0 ? cookie : null;
    }

    private static SteeringException AllTaken(string name) => new(
        $"Cannot register a socket for the service '{name}': all {TableLayout.MembersPerFamily} slots of its family and protocol are taken.");
}
