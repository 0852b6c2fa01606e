using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Everyport.Steering.Kernel;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Netlink;

/// <summary>A socket that takes new connections or datagrams of whoever sends them.</summary>
/// <param name="Protocol">TCP in LISTEN, or UDP unconnected.</param>
/// <param name="Address">Where it is bound; null for every address of the families that it serves.</param>
/// <param name="Port">The port.</param>
/// <param name="IPv4">Whether it serves IPv4, be it as a dual-stack socket.</param>
/// <param name="IPv6">Whether it serves IPv6.</param>
/// <param name="Inode">The number of its file, by which /proc tells whose it is.</param>
/// <param name="Cookie">The number by which the kernel knows it.</param>
internal readonly record struct OpenListener(Protocols Protocol, Address? Address, ushort Port, bool IPv4, bool IPv6, uint Inode, ulong Cookie);

/// <summary>Lists the sockets of a namespace; see sock_diag(7).</summary>
internal sealed class SocketDiagnostics : IDisposable
{
    private const int NetlinkSockDiag = 4, RequestSize = 56, AnswerSize = 72;
    private const ushort SockDiagByFamily = 20, AttributeShutdown = 8, AttributeIPv6Only = 11;
    private const int ReceivesNothing = 1; // RCV_SHUTDOWN in net/sock.h
    private const int IpProtoTcp = 6, IpProtoUdp = 17, StateListen = 10, StateClose = 7, StateTimeWait = 6, SourceAddress = 8;
    /// <summary>Of TCP: those that expect something from the peer. What only waits for its number to be free again (TIME_WAIT) does not.</summary>
    private const uint AllStates = ~0u, OpenStates = ~(1u << StateListen | 1u << StateClose | 1u << StateTimeWait);

    private readonly NetlinkSocket _socket = new(NetlinkSockDiag);

    /// <summary>Listening TCP sockets and unconnected UDP sockets of both families.</summary>
    public IReadOnlyList<OpenListener> Listeners()
    {
        var listeners = new List<OpenListener>();
        foreach (var family in (ReadOnlySpan<byte>)[Libc.AfInet, Libc.AfInet6])
        {
            Dump(family, IpProtoTcp, StateListen, Protocols.Tcp, listeners);
            Dump(family, IpProtoUdp, StateClose, Protocols.Udp, listeners);
        }
        return listeners;
    }

    /// <summary>The local addresses of connections, and of UDP sockets that are bound to one: each once.</summary>
    public IReadOnlyCollection<Address> BoundAddresses()
    {
        var addresses = new HashSet<Address>();
        foreach (var family in (ReadOnlySpan<byte>)[Libc.AfInet, Libc.AfInet6])
        {
            Dump(family, IpProtoTcp, OpenStates, answer => addresses.Add(ParseLocal(answer)));
            Dump(family, IpProtoUdp, AllStates, answer => addresses.Add(ParseLocal(answer)));
        }
        return addresses;
    }

    public void Dispose() => _socket.Dispose();

    private void Dump(byte family, byte protocol, int state, Protocols kind, List<OpenListener> listeners) => Dump(family, protocol, 1u << state, answer =>
    {
        // A UDP socket that only sends, as those that answer from an original destination, takes nothing that is for others.
        if (NetlinkSocket.FindAttribute(answer[AnswerSize..], AttributeShutdown) is not [var shutdown, ..] || (shutdown & ReceivesNothing) == 0)
            listeners.Add(Parse(answer, kind));
    });

    private void Dump(byte family, byte protocol, uint states, NetlinkSocket.MessageReader read)
    {
        var message = NetlinkSocket.NewMessage(SockDiagByFamily, NetlinkSocket.Dump, RequestSize);
        var body = message.AsSpan(NetlinkSocket.HeaderSize);
        body[0] = family;
        body[1] = protocol;
        MemoryMarshal.Write(body[4..], states);
        _socket.ReadDump(message, SockDiagByFamily, "list the sockets", read);
    }

    private static Address ParseLocal(ReadOnlySpan<byte> answer) =>
        Address.FromBytes(answer.Slice(SourceAddress, answer[0] == Libc.AfInet6 ? 16 : 4));

    /// <summary>Reads <c>struct inet_diag_msg</c>; see linux/inet_diag.h.</summary>
    private static OpenListener Parse(ReadOnlySpan<byte> answer, Protocols protocol)
    {
        const int SourcePort = 4, CookieOffset = 44, InodeOffset = 68;
        var ipv6 = answer[0] == Libc.AfInet6;
        var bytes = answer.Slice(SourceAddress, ipv6 ? 16 : 4);
        var everywhere = bytes.IndexOfAnyExcept((byte)0) < 0;
        var only = NetlinkSocket.FindAttribute(answer[AnswerSize..], AttributeIPv6Only);
        var dual = ipv6 && (only.IsEmpty || only[0] == 0);

        var address = Address.FromBytes(bytes);
        return new OpenListener(
            protocol,
            everywhere ? null : address,
            BinaryPrimitives.ReadUInt16BigEndian(answer[SourcePort..]),
            everywhere ? !ipv6 || dual : !address.IsIPv6,
            everywhere ? ipv6 : address.IsIPv6,
            MemoryMarshal.Read<uint>(answer[InodeOffset..]),
            MemoryMarshal.Read<ulong>(answer[CookieOffset..]));
    }
}
