using System.Collections.Immutable;
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

    /// <summary>The cookies of all sockets that were registered here.</summary>
    public IReadOnlySet<ulong> OwnCookies => _own.Values.ToHashSet();

    /// <summary>The cookies of the sockets in these slots; an empty slot is left out.</summary>
    public IEnumerable<ulong> CookiesIn(int first, int count) =>
        from slot in Enumerable.Range(first, count)
        let cookie = Cookie(slot)
        where cookie is not null
        select cookie.Value;

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
    /// With <paramref name="only"/>, what it has for other families and protocols stays. Returns how many slots hold another socket, or none, now.
    /// </summary>
    public int Replace(int service, string name, IReadOnlyList<SafeHandle> sockets, Func<bool, bool, bool>? only = null)
    {
        (SafeHandle Socket, Listener Listener)[] listeners = [.. sockets.Select(socket => (socket, Listener.Inspect(socket)))];
        foreach (var (ipv6, udp) in TableLayout.Kinds)
        {
            if (listeners.Count(member => member.Listener.Serves(ipv6, udp)) > TableLayout.MembersPerFamily)
                throw AllTaken(name);
        }
        var replaced = 0;
        foreach (var (ipv6, udp) in TableLayout.Kinds)
        {
            (SafeHandle Socket, Listener Listener)[] members = [.. listeners.Where(member => member.Listener.Serves(ipv6, udp))];
            if (only?.Invoke(ipv6, udp) == false)
                continue;
            var first = TableLayout.FirstSlot(service, ipv6, udp);
            for (var slot = first; slot < first + TableLayout.MembersPerFamily; slot++)
            {
                var before = Cookie(slot);
                var member = slot - first < members.Length ? members[slot - first] : default;
                if (before is not null && before != member.Listener.Cookie)
                    replaced++;
                if (member.Socket is null)
                    Empty(slot);
                else if (before != member.Listener.Cookie && !TryFill(slot, member.Socket, member.Listener.Cookie, Libbpf.Any))
                    throw KernelError.Last($"register a socket for the service '{name}'");
                else
                    _own[slot] = member.Listener.Cookie;
            }
        }
        return replaced;
    }

    /// <summary>Whether so many more sockets of each kind find a free slot; those that are there already need none.</summary>
    public void CheckRoom(int service, string name, IReadOnlyCollection<Listener> listeners)
    {
        foreach (var (ipv6, udp) in TableLayout.Kinds)
        {
            if (Cookies(service, ipv6, udp).Union(listeners.Where(listener => listener.Serves(ipv6, udp)).Select(listener => listener.Cookie)).Count() > TableLayout.MembersPerFamily)
                throw AllTaken(name);
        }
    }

    /// <summary>Empties the slots of a service for one family and protocol. Returns how many held a socket.</summary>
    public int Clear(int service, bool ipv6, bool udp)
    {
        var first = TableLayout.FirstSlot(service, ipv6, udp);
        var held = CookiesIn(first, TableLayout.MembersPerFamily).Count();
        for (var slot = first; slot < first + TableLayout.MembersPerFamily; slot++)
            Empty(slot);
        return held;
    }

    /// <summary>The cookies of a service for one family and protocol, by slot; 0 where there is none.</summary>
    public ImmutableArray<ulong> BySlot(int service, bool ipv6, bool udp, int slotsPerService)
    {
        var members = slotsPerService / TableLayout.Kinds.Length;
        var first = service * slotsPerService + TableLayout.Root(ipv6, udp) * members;
        return [.. Enumerable.Range(first, members).Select(slot => Cookie(slot) ?? 0)];
    }

    /// <summary>Empties the slots that still hold our sockets.</summary>
    public void Withdraw()
    {
        foreach (var (slot, cookie) in _own.ToArray())
        {
            if (Cookie(slot) == cookie)
                Empty(slot);
        }
        _own.Clear();
    }

    /// <summary>The cookies of the sockets of a service for one family and protocol; an empty slot is left out.</summary>
    public IReadOnlyList<ulong> Cookies(int service, bool ipv6, bool udp)
    {
        var first = TableLayout.FirstSlot(service, ipv6, udp);
        return [.. CookiesIn(first, TableLayout.MembersPerFamily)];
    }

    /// <summary>The cookies of all sockets of the first services.</summary>
    public IReadOnlySet<ulong> AllCookies(int services) => CookiesIn(0, services * TableLayout.SlotsPerService).ToHashSet();

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

    private void Empty(int slot)
    {
        _ = Libbpf.MapDelete(map, &slot); // an error says that it is empty
        _own.Remove(slot);
    }

    private ulong? Cookie(int slot)
    {
        ulong cookie = 0;
        return Libbpf.MapLookup(map, &slot, &cookie) == 0 ? cookie : null;
    }

    private static SteeringException AllTaken(string name) => new(
        $"Cannot register a socket for the service '{name}': all {TableLayout.MembersPerFamily} slots of its family and protocol are taken.");
}
