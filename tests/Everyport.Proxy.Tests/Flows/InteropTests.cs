using System.Reflection;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Flows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Structures and constants of sockets and epoll, against the headers of this machine.</summary>
public class InteropTests
{
    [Fact]
    public void Constants_are_those_of_the_headers() =>
        new CHeaders("errno.h", "sys/epoll.h", "sys/eventfd.h", "sys/socket.h", "netinet/in.h", "linux/in6.h")
            .Constants(typeof(UdpSyscalls), new Dictionary<string, string>
            {
                ["AfInet"] = "AF_INET",
                ["AfInet6"] = "AF_INET6",
                ["SockDgram"] = "SOCK_DGRAM",
                ["SockNonblock"] = "SOCK_NONBLOCK",
                ["SockCloexec"] = "SOCK_CLOEXEC",
                ["SolSocket"] = "SOL_SOCKET",
                ["SoReuseAddr"] = "SO_REUSEADDR",
                ["SolIp"] = "SOL_IP",
                ["IpFreebind"] = "IP_FREEBIND",
                ["IpTransparent"] = "IP_TRANSPARENT",
                ["IpOriginalDestination"] = "IP_ORIGDSTADDR",
                ["SolIPv6"] = "SOL_IPV6",
                ["IPv6OriginalDestination"] = "IPV6_ORIGDSTADDR",
                ["MsgDontwait"] = "MSG_DONTWAIT",
                ["EpollCloexec"] = "EPOLL_CLOEXEC",
                ["EpollIn"] = "EPOLLIN",
                ["EpollCtlAdd"] = "EPOLL_CTL_ADD",
                ["EventfdCloexec"] = "EFD_CLOEXEC",
                ["EINTR"] = "EINTR",
                ["EAGAIN"] = "EAGAIN",
                ["ENFILE"] = "ENFILE",
                ["EMFILE"] = "EMFILE",
            })
            .Constants(typeof(SteeredSockets), new Dictionary<string, string>
            {
                ["SolIp"] = "SOL_IP",
                ["SolIPv6"] = "SOL_IPV6",
                ["IpTransparent"] = "IP_TRANSPARENT",
                ["IpFreebind"] = "IP_FREEBIND",
                ["IpRecvOriginalDestination"] = "IP_RECVORIGDSTADDR",
                ["IPv6RecvOriginalDestination"] = "IPV6_RECVORIGDSTADDR",
            })
            .Constants(typeof(SocketAddress), new Dictionary<string, string>
            {
                ["MaxSize"] = "sizeof(struct sockaddr_in6)",
                ["IPv4Size"] = "sizeof(struct sockaddr_in)",
            })
            .Constants(typeof(SocketNames), new Dictionary<string, string> { ["SockaddrIn6Size"] = "sizeof(struct sockaddr_in6)" })
            .Verify();

    [Fact]
    public void Structures_have_the_layout_of_the_headers() =>
        new CHeaders("sys/socket.h", "sys/uio.h")
            .Structure<UdpSyscalls.IoVector>("struct iovec", new Dictionary<string, string>
            {
                ["Base"] = "iov_base",
                ["Length"] = "iov_len",
            })
            .Structure<UdpSyscalls.MessageHeader>("struct msghdr", new Dictionary<string, string>
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
            .Verify();

    [Fact]
    public void Events_of_epoll_have_the_layout_of_the_headers() =>
        new CHeaders("sys/epoll.h")
            .Value("Epoll.EventSize", ValueOf("EventSize"), "sizeof(struct epoll_event)")
            .Value("Epoll.DataOffset", ValueOf("DataOffset"), "offsetof(struct epoll_event, data)")
            .Verify();

    private static long ValueOf(string field) => (int)typeof(Epoll).GetField(field, BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
}
