using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>What the kernel tells about a datagram beside its bytes, and what it is told; see cmsg(3).</summary>
internal ref struct ControlMessages
{
    /// <summary>Room for every message that a socket here receives or sends.</summary>
    public const int MaxSize = 128;

    private static readonly int HeaderSize = Unsafe.SizeOf<UdpSyscalls.ControlHeader>();

    /// <summary>To where the client sent it; on a socket for both families, each has a message of its own.</summary>
    public Endpoint? Original { get; private set; }

    /// <summary>The traffic class, of which the lowest two bits are ECN (RFC 3168).</summary>
    public byte TrafficClass { get; private set; }

    /// <summary>The size of each of the datagrams that the kernel has put into one; 0 where it is one.</summary>
    public int Segment { get; private set; }

    public static ControlMessages Parse(ReadOnlySpan<byte> control)
    {
        var result = new ControlMessages();
        while (control.Length >= HeaderSize)
        {
            var header = MemoryMarshal.Read<UdpSyscalls.ControlHeader>(control);
            result.Take(header.Level, header.Type, control[HeaderSize..(int)header.Length]);
            control = control[Math.Min(control.Length, Aligned((int)header.Length))..];
        }
        return result;
    }

    /// <summary>Writes what is to be sent with a datagram, and returns the size of it.</summary>
    public static int Write(Span<byte> control, bool ipv6, byte trafficClass, int segment)
    {
        var size = 0;
        if (trafficClass != 0)
            size += WriteOne(control, ipv6 ? Syscalls.SolIPv6 : Syscalls.SolIp, ipv6 ? UdpSyscalls.IPv6TrafficClass : UdpSyscalls.IpTos, (int)trafficClass);
        if (segment != 0)
            size += WriteOne(control[size..], UdpSyscalls.SolUdp, UdpSyscalls.UdpSegment, (ushort)segment);
        return size;
    }

    private void Take(int level, int type, ReadOnlySpan<byte> value)
    {
        switch ((level, type))
        {
            case (Syscalls.SolIp, UdpSyscalls.IpOriginalDestination) or (Syscalls.SolIPv6, UdpSyscalls.IPv6OriginalDestination):
                Original = SocketNames.Parse(value);
                break;
            case (Syscalls.SolIp, UdpSyscalls.IpTos):
                TrafficClass = value[0];
                break;
            case (Syscalls.SolIPv6, UdpSyscalls.IPv6TrafficClass):
                TrafficClass = (byte)MemoryMarshal.Read<int>(value);
                break;
            case (UdpSyscalls.SolUdp, UdpSyscalls.UdpGro):
                Segment = MemoryMarshal.Read<int>(value);
                break;
        }
    }

    private static int WriteOne<T>(Span<byte> control, int level, int type, T value) where T : unmanaged
    {
        var length = HeaderSize + Unsafe.SizeOf<T>();
        MemoryMarshal.Write(control, new UdpSyscalls.ControlHeader { Length = (nuint)length, Level = level, Type = type });
        MemoryMarshal.Write(control[HeaderSize..], value);
        return Aligned(length);
    }

    private static int Aligned(int length) => (length + nint.Size - 1) & ~(nint.Size - 1);
}
