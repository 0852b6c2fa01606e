using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Kernel;

/// <summary>Endpoints as <c>struct sockaddr_in</c> and <c>sockaddr_in6</c>.</summary>
internal static class SocketAddress
{
    /// <summary>The size of the larger one.</summary>
    public const int MaxSize = 28;

    private const int IPv4Size = 16;

    /// <summary>Writes an endpoint and returns the size of its structure.</summary>
    public static int Write(Endpoint endpoint, Span<byte> destination)
    {
        var ipv6 = endpoint.Address.IsIPv6;
        var size = ipv6 ? MaxSize : IPv4Size;
        destination[..size].Clear();
        MemoryMarshal.Write(destination, (ushort)(ipv6 ? Syscalls.AfInet6 : Syscalls.AfInet));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], endpoint.Port);
        endpoint.Address.WriteBytes(destination[(ipv6 ? 8 : 4)..]);
        return size;
    }
}
