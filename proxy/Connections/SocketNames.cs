using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Connections;

/// <summary>
/// Asks the kernel for the two ends of a connection. <see cref="Socket.LocalEndPoint"/> will not do: on an accepted
/// socket it may be that of the listener.
/// </summary>
internal static unsafe partial class SocketNames
{
    private const int SockaddrIn6Size = 28;

    /// <summary>The original destination: what the client dialled.</summary>
    public static Endpoint Local(Socket socket) => Local(socket.SafeHandle);

    /// <summary>The same of a socket that is none of .NET's.</summary>
    public static Endpoint Local(SafeHandle socket) => Read(socket, GetSocketName);

    /// <summary>The client.</summary>
    public static Endpoint Remote(Socket socket) => Remote(socket.SafeHandle);

    /// <summary>The same of a socket that is none of .NET's.</summary>
    public static Endpoint Remote(SafeHandle socket) => Read(socket, GetPeerName);

    /// <summary>Reads a <c>struct sockaddr_in6</c> or <c>sockaddr_in</c>.</summary>
    public static Endpoint Parse(ReadOnlySpan<byte> sockaddr)
    {
        const int AfInet6 = 10;
        var port = BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]);
        var address = MemoryMarshal.Read<ushort>(sockaddr) == AfInet6 ? sockaddr.Slice(8, 16) : sockaddr.Slice(4, 4);
        return new Endpoint(Address.FromBytes(address), port);
    }

    private delegate int NameCall(SafeHandle socket, byte* address, uint* length);

    private static Endpoint Read(SafeHandle socket, NameCall call)
    {
        var sockaddr = stackalloc byte[SockaddrIn6Size];
        uint length = SockaddrIn6Size;
        if (call(socket, sockaddr, &length) != 0)
            throw new SocketException();
        return Parse(new ReadOnlySpan<byte>(sockaddr, (int)length));
    }

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static partial int GetSocketName(SafeHandle socket, byte* address, uint* length);

    [LibraryImport("libc", EntryPoint = "getpeername", SetLastError = true)]
    private static partial int GetPeerName(SafeHandle socket, byte* address, uint* length);
}
