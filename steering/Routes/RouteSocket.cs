using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;
using Microsoft.Win32.SafeHandles;

namespace Everyport.Steering.Routes;

/// <summary>
/// Speaks rtnetlink about the routing table <c>local</c> of the namespace in which it was opened; see rtnetlink(7).
/// </summary>
internal sealed unsafe class RouteSocket : IDisposable
{
    private const ushort NewRoute = 24, DeleteRoute = 25, GetRoute = 26, ErrorMessage = 2, DoneMessage = 3;
    private const ushort Request = 1, Acknowledge = 4, Dump = 0x300, Exclusive = 0x200, Create = 0x400;
    private const ushort AttributeDestination = 1, AttributeInterface = 4;
    private const byte TableLocal = 255, TypeLocal = 2, ScopeHost = 254;
    private const int HeaderSize = 16, RouteSize = 12, AttributeHeaderSize = 4;

    private readonly SafeFileHandle _socket;
    private readonly uint _loopback;
    private readonly byte[] _buffer = new byte[64 * 1024];

    public RouteSocket()
    {
        _socket = Libc.Socket(Libc.AfNetlink, Libc.SockRaw | Libc.SockCloexec, Libc.NetlinkRoute);
        if (_socket.IsInvalid)
            throw KernelError.Last("open a netlink socket");
        _loopback = Libc.InterfaceIndex("lo");
    }

    /// <summary>A route of type <c>local</c>.</summary>
    public readonly record struct LocalRoute(Prefix Prefix, byte Protocol);

    /// <summary>Adds <c>local PREFIX dev lo</c>. False where it was there already.</summary>
    public bool Add(LocalRoute route)
    {
        var error = Change(NewRoute, Exclusive | Create, route);
        return error switch
        {
            0 => true,
            Libc.EEXIST => false,
            _ => throw KernelError.From($"add the route 'local {route.Prefix} dev lo'", error),
        };
    }

    /// <summary>Removes such a route. False where it was gone already.</summary>
    public bool Remove(LocalRoute route)
    {
        var error = Change(DeleteRoute, 0, route);
        return error switch
        {
            0 => true,
            Libc.ESRCH => false,
            _ => throw KernelError.From($"remove the route 'local {route.Prefix} dev lo'", error),
        };
    }

    /// <summary>All routes of type <c>local</c>, of both families.</summary>
    public List<LocalRoute> List()
    {
        var routes = new List<LocalRoute>();
        foreach (var family in (ReadOnlySpan<byte>)[Libc.AfInet, Libc.AfInet6])
        {
            var message = new byte[HeaderSize + RouteSize];
            WriteHeader(message, GetRoute, Dump);
            message[HeaderSize] = family;
            Send(message);
            while (ReadDump(routes)) { }
        }
        return routes;
    }

    public void Dispose() => _socket.Dispose();

    private int Change(ushort type, ushort flags, LocalRoute route)
    {
        Span<byte> address = stackalloc byte[16];
        address = address[..route.Prefix.Address.WriteBytes(address)];
        var message = new byte[HeaderSize + RouteSize + AttributeHeaderSize + address.Length + AttributeHeaderSize + sizeof(uint)];

        WriteHeader(message, type, (ushort)(flags | Acknowledge));
        var body = message.AsSpan(HeaderSize);
        body[0] = (byte)(route.Prefix.Address.IsIPv6 ? Libc.AfInet6 : Libc.AfInet);
        body[1] = (byte)route.Prefix.Length;
        body[4] = TableLocal;
        body[5] = route.Protocol;
        body[6] = route.Prefix.Address.IsIPv6 ? (byte)0 : ScopeHost;
        body[7] = TypeLocal;

        var attributes = body[RouteSize..];
        WriteAttribute(attributes, AttributeDestination, address);
        Span<byte> index = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(index, _loopback);
        WriteAttribute(attributes[(AttributeHeaderSize + address.Length)..], AttributeInterface, index);

        Send(message);
        var reply = Receive();
        return -MemoryMarshal.Read<int>(reply[HeaderSize..]);
    }

    /// <summary>Reads one datagram of a dump; false when the dump is complete.</summary>
    private bool ReadDump(List<LocalRoute> routes)
    {
        var rest = Receive();
        while (rest.Length >= HeaderSize)
        {
            var length = MemoryMarshal.Read<int>(rest);
            var type = MemoryMarshal.Read<ushort>(rest[4..]);
            if (type == DoneMessage)
                return false;
            if (type == ErrorMessage)
                throw KernelError.From("list the local routes", -MemoryMarshal.Read<int>(rest[HeaderSize..]));
            if (type == NewRoute && ParseLocal(rest[HeaderSize..length]) is { } route)
                routes.Add(route);
            rest = rest[Math.Min(Align(length), rest.Length)..];
        }
        return true;
    }

    private static LocalRoute? ParseLocal(ReadOnlySpan<byte> route)
    {
        var (family, length, table, protocol, type) = (route[0], route[1], route[4], route[5], route[7]);
        if (table != TableLocal || type != TypeLocal)
            return null;

        Span<byte> address = stackalloc byte[family == Libc.AfInet6 ? 16 : 4];
        address.Clear();
        for (var attributes = route[RouteSize..]; attributes.Length >= AttributeHeaderSize;)
        {
            var size = MemoryMarshal.Read<ushort>(attributes);
            if (MemoryMarshal.Read<ushort>(attributes[2..]) == AttributeDestination)
                attributes[AttributeHeaderSize..size].CopyTo(address);
            attributes = attributes[Math.Min(Align(size), attributes.Length)..];
        }
        return new LocalRoute(new Prefix(Address.FromBytes(address), length), protocol);
    }

    private static void WriteHeader(Span<byte> message, ushort type, ushort flags)
    {
        MemoryMarshal.Write(message, message.Length);
        MemoryMarshal.Write(message[4..], type);
        MemoryMarshal.Write(message[6..], (ushort)(flags | Request));
    }

    private static void WriteAttribute(Span<byte> destination, ushort type, ReadOnlySpan<byte> value)
    {
        MemoryMarshal.Write(destination, (ushort)(AttributeHeaderSize + value.Length));
        MemoryMarshal.Write(destination[2..], type);
        value.CopyTo(destination[AttributeHeaderSize..]);
    }

    private void Send(ReadOnlySpan<byte> message)
    {
        fixed (byte* bytes = message)
        {
            if (Libc.Send(_socket, bytes, (nuint)message.Length, 0) < 0)
                throw KernelError.Last("send a netlink message");
        }
    }

    private ReadOnlySpan<byte> Receive()
    {
        fixed (byte* bytes = _buffer)
        {
            while (true)
            {
                var length = Libc.Receive(_socket, bytes, (nuint)_buffer.Length, 0);
                if (length >= 0)
                    return _buffer.AsSpan(0, (int)length);
                if (Marshal.GetLastPInvokeError() != Libc.EINTR)
                    throw KernelError.Last("receive a netlink message");
            }
        }
    }

    private static int Align(int length) => (length + 3) & ~3;
}
