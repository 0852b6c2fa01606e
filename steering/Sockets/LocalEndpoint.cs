using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Sockets;

/// <summary>Where a TCP or UDP socket is bound.</summary>
/// <param name="Address">The address; that of a v4-mapped one is the IPv4 address in it.</param>
/// <param name="Port">The port, 0 where it is not bound.</param>
internal readonly record struct LocalEndpoint(Address Address, ushort Port)
{
    /// <summary>Whether it is bound to all addresses.</summary>
    public bool IsEverywhere => Address.Bits == 0;

    /// <summary>Reads <c>struct sockaddr_in</c> or <c>sockaddr_in6</c>.</summary>
    public static unsafe LocalEndpoint Of(SafeHandle socket)
    {
        const int PortOffset = 2, IPv4Offset = 4, IPv6Offset = 8, Size = 28;
        var bytes = stackalloc byte[Size];
        uint length = Size;
        if (Libc.GetSocketName(socket, bytes, &length) < 0)
            throw KernelError.Last("inspect the socket");
        var address = new ReadOnlySpan<byte>(bytes, Size);
        var ipv6 = MemoryMarshal.Read<ushort>(address) == Libc.AfInet6;
        return new LocalEndpoint(
            Address.FromBytes(ipv6 ? address.Slice(IPv6Offset, 16) : address.Slice(IPv4Offset, 4)),
            BinaryPrimitives.ReadUInt16BigEndian(address[PortOffset..]));
    }

    /// <summary>As <c>127.0.0.1:80</c> or <c>[::1]:80</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Address.IsIPv6 ? $"[{Address}]" : Address)}:{Port}");
}
