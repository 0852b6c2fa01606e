using System.Runtime.InteropServices;
using Everyport.Proxy.Kernel;

namespace Everyport.Proxy.Flows;

/// <summary>
/// Datagrams in batches, with their control messages. Structures and constants are compared with the C headers in a test.
/// </summary>
internal static unsafe partial class UdpSyscalls
{
    public const int IpTos = 1, IpMtuDiscover = 10, IpReceiveTos = 13, IpOriginalDestination = 20;
    public const int IPv6MtuDiscover = 23, IPv6ReceiveTrafficClass = 66, IPv6TrafficClass = 67, IPv6OriginalDestination = 74;
    public const int PathMtuDiscoveryOff = 0;
    public const int SolUdp = 17, UdpSegment = 103, UdpGro = 104;
    public const int SockRaw = 3, IpProtoRaw = 255;
    public const int EIO = 5, EINVAL = 22, EMSGSIZE = 90, ECONNREFUSED = 111;

    /// <summary><c>struct mmsghdr</c>.</summary>
    public struct BatchHeader
    {
        public Syscalls.MessageHeader Message;
        public uint Length;
    }

    /// <summary><c>struct cmsghdr</c>.</summary>
    public struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveBatch(SafeHandle socket, BatchHeader* headers, uint count, int flags, nint timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendBatch(SafeHandle socket, BatchHeader* headers, uint count, int flags);
}
