using Everyport.Proxy.Flows;
using Everyport.Proxy.Kernel;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Structures and constants of datagrams in batches, against the headers of this machine.</summary>
public class InteropTests
{
    [Fact]
    public void Constants_are_those_of_the_headers() =>
        new CHeaders("errno.h", "sys/socket.h", "netinet/in.h", "netinet/udp.h", "linux/in6.h")
            .Constants(typeof(UdpSyscalls), new Dictionary<string, string>
            {
                ["IpTos"] = "IP_TOS",
                ["IpMtuDiscover"] = "IP_MTU_DISCOVER",
                ["IpReceiveTos"] = "IP_RECVTOS",
                ["IpOriginalDestination"] = "IP_ORIGDSTADDR",
                ["IPv6MtuDiscover"] = "IPV6_MTU_DISCOVER",
                ["IPv6ReceiveTrafficClass"] = "IPV6_RECVTCLASS",
                ["IPv6TrafficClass"] = "IPV6_TCLASS",
                ["IPv6OriginalDestination"] = "IPV6_ORIGDSTADDR",
                ["PathMtuDiscoveryOff"] = "IP_PMTUDISC_DONT",
                ["SolUdp"] = "SOL_UDP",
                ["UdpSegment"] = "UDP_SEGMENT",
                ["UdpGro"] = "UDP_GRO",
                ["SockRaw"] = "SOCK_RAW",
                ["IpProtoRaw"] = "IPPROTO_RAW",
                ["EIO"] = "EIO",
                ["EINVAL"] = "EINVAL",
                ["EMSGSIZE"] = "EMSGSIZE",
                ["ECONNREFUSED"] = "ECONNREFUSED",
            })
            .Value("path MTU discovery of IPv6 is switched off as that of IPv4", UdpSyscalls.PathMtuDiscoveryOff, "IPV6_PMTUDISC_DONT")
            .Verify();

    [Fact]
    public void Structures_have_the_layout_of_the_headers() =>
        new CHeaders("sys/socket.h", "sys/uio.h")
            .Structure<Syscalls.IoVector>("struct iovec", new Dictionary<string, string>
            {
                ["Base"] = "iov_base",
                ["Length"] = "iov_len",
            })
            .Structure<Syscalls.MessageHeader>("struct msghdr", new Dictionary<string, string>
            {
                ["Name"] = "msg_name",
                ["NameLength"] = "msg_namelen",
                ["Vectors"] = "msg_iov",
                ["VectorCount"] = "msg_iovlen",
                ["Control"] = "msg_control",
                ["ControlLength"] = "msg_controllen",
                ["Flags"] = "msg_flags",
            })
            .Structure<UdpSyscalls.BatchHeader>("struct mmsghdr", new Dictionary<string, string>
            {
                ["Message"] = "msg_hdr",
                ["Length"] = "msg_len",
            })
            .Structure<UdpSyscalls.ControlHeader>("struct cmsghdr", new Dictionary<string, string>
            {
                ["Length"] = "cmsg_len",
                ["Level"] = "cmsg_level",
                ["Type"] = "cmsg_type",
            })
            .Value("where the next control message begins", 40, "CMSG_ALIGN(33)")
            .Value("an original destination, a traffic class and a segment size fit", 1,
                $"CMSG_SPACE(28) + 2 * CMSG_SPACE(4) <= {ControlMessages.MaxSize}")
            .Verify();
}
