using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Netlink;

/// <summary>A route of type <c>local</c>, and which program added it (RTPROT_* in linux/rtnetlink.h).</summary>
internal readonly record struct LocalRoute(Prefix Prefix, byte Protocol)
{
    /// <summary>RT_TABLE_LOCAL, where the kernel keeps those of its own.</summary>
    public const byte TableLocal = 255;

    /// <summary>The routing table that it is in.</summary>
    public byte Table { get; init; } = TableLocal;

    /// <summary>Routes of one prefix can be there side by side where this differs; 0 leaves it to the kernel. One is removed whatever it is.</summary>
    public byte Metric { get; init; }

    /// <summary>As <c>ip route</c> writes it.</summary>
    public override string ToString() => $"local {Prefix} dev lo{(Table == TableLocal ? "" : $" table {Table}")}";
}

/// <summary>An address that is assigned to an interface, with the subnet it stands for.</summary>
internal readonly record struct InterfaceAddress(Address Address, Prefix Subnet, bool Loopback);

/// <summary>Local routes and interface addresses of a namespace; see rtnetlink(7).</summary>
internal sealed class RouteSocket : IDisposable
{
    private const ushort NewRoute = 24, DeleteRoute = 25, GetRoute = 26, NewAddress = 20, GetAddress = 22;
    private const ushort Exclusive = 0x200, Create = 0x400;
    private const ushort RouteDestination = 1, RouteInterface = 4, RoutePriority = 6, AddressAddress = 1, AddressLocal = 2;
    private const byte TypeLocal = 2, ScopeHost = 254;
    private const int RouteSize = 12, AddressSize = 8;

    private readonly NetlinkSocket _socket = new(Libc.NetlinkRoute);
    private readonly uint _loopback = Libc.InterfaceIndex("lo");

    /// <summary>Adds a route. False where it was there already.</summary>
    public bool Add(LocalRoute route)
    {
        var error = Change(NewRoute, Exclusive | Create, route);
        return error switch
        {
            0 => true,
            Libc.EEXIST => false,
            _ => throw KernelError.From($"add the route '{route}'", error, "CAP_NET_ADMIN; without local routes ('--no-local-routes') it does not, and packets must be delivered here by other means"),
        };
    }

    /// <summary>Removes a route. False where it was gone already.</summary>
    public bool Remove(LocalRoute route)
    {
        var error = Change(DeleteRoute, 0, route);
        return error switch
        {
            0 => true,
            Libc.ESRCH => false,
            _ => throw KernelError.From($"remove the route '{route}'", error, "CAP_NET_ADMIN"),
        };
    }

    /// <summary>All routes of the table <c>local</c>, of both families.</summary>
    public IReadOnlyList<LocalRoute> Routes()
    {
        var routes = new List<LocalRoute>();
        Dump(GetRoute, RouteSize, NewRoute, "list the local routes", body =>
        {
            var (family, length, table, protocol, type) = (body[0], body[1], body[4], body[5], body[7]);
            if (table != LocalRoute.TableLocal || type != TypeLocal)
                return;
            // A destination of length 0 has no attribute.
            var destination = NetlinkSocket.FindAttribute(body[RouteSize..], RouteDestination);
            var address = destination.IsEmpty ? new Address(family == Libc.AfInet6, 0) : Address.FromBytes(destination);
            routes.Add(new LocalRoute(new Prefix(address, length), protocol));
        });
        return routes;
    }

    /// <summary>All addresses of all interfaces, of both families.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses()
    {
        var addresses = new List<InterfaceAddress>();
        Dump(GetAddress, AddressSize, NewAddress, "list the addresses of interfaces", body =>
        {
            var length = body[1];
            var attributes = body[AddressSize..];
            // On a point-to-point link IFA_ADDRESS is the peer, IFA_LOCAL our side; IPv6 has only the former.
            var local = NetlinkSocket.FindAttribute(attributes, AddressLocal);
            var bytes = local.IsEmpty ? NetlinkSocket.FindAttribute(attributes, AddressAddress) : local;
            if (bytes.IsEmpty)
                return;
            var address = Address.FromBytes(bytes);
            addresses.Add(new InterfaceAddress(address, new Prefix(address, length), MemoryMarshal.Read<uint>(body[4..]) == _loopback));
        });
        return addresses;
    }

    /// <summary>Whether the machine itself receives what is sent to the address.</summary>
    public bool IsLocal(Address address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..address.WriteBytes(bytes)];
        var message = NetlinkSocket.NewMessage(GetRoute, 0, RouteSize + NetlinkSocket.AttributeHeaderSize + bytes.Length);
        var body = message.AsSpan(NetlinkSocket.HeaderSize);
        body[0] = (byte)(address.IsIPv6 ? Libc.AfInet6 : Libc.AfInet);
        body[1] = (byte)address.Width;
        NetlinkSocket.WriteAttribute(body[RouteSize..], RouteDestination, bytes);
        return _socket.Ask(message) is [_, _, _, _, _, _, _, TypeLocal, ..];
    }

    public void Dispose() => _socket.Dispose();

    private void Dump(ushort request, int bodySize, ushort answer, string doing, NetlinkSocket.MessageReader read)
    {
        foreach (var family in (ReadOnlySpan<byte>)[Libc.AfInet, Libc.AfInet6])
        {
            var message = NetlinkSocket.NewMessage(request, NetlinkSocket.Dump, bodySize);
            message[NetlinkSocket.HeaderSize] = family;
            _socket.ReadDump(message, answer, doing, read);
        }
    }

    private int Change(ushort type, ushort flags, LocalRoute route)
    {
        Span<byte> address = stackalloc byte[16];
        address = address[..route.Prefix.Address.WriteBytes(address)];
        var metrics = type == NewRoute && route.Metric != 0 ? 1 : 0;
        var size = RouteSize + (2 + metrics) * NetlinkSocket.AttributeHeaderSize + address.Length + (1 + metrics) * sizeof(uint);
        var message = NetlinkSocket.NewMessage(type, (ushort)(flags | NetlinkSocket.Acknowledge), size);

        var body = message.AsSpan(NetlinkSocket.HeaderSize);
        body[0] = (byte)(route.Prefix.Address.IsIPv6 ? Libc.AfInet6 : Libc.AfInet);
        body[1] = (byte)route.Prefix.Length;
        body[4] = route.Table;
        body[5] = route.Protocol;
        body[6] = route.Prefix.Address.IsIPv6 ? (byte)0 : ScopeHost;
        body[7] = TypeLocal;

        var rest = NetlinkSocket.WriteAttribute(body[RouteSize..], RouteDestination, address);
        Span<byte> number = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(number, _loopback);
        rest = NetlinkSocket.WriteAttribute(rest, RouteInterface, number);
        if (metrics > 0)
        {
            MemoryMarshal.Write(number, (uint)route.Metric);
            NetlinkSocket.WriteAttribute(rest, RoutePriority, number);
        }
        return _socket.Transact(message);
    }
}
