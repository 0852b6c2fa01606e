using System.Reflection;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Kernel;

namespace Everyport.Proxy.Tests.Kernel;

/// <summary>Structures and constants of sockets and epoll, against the headers of this machine.</summary>
public class SyscallTests
{
    [Fact]
    public void Constants_are_those_of_the_headers() =>
        new CHeaders("errno.h", "fcntl.h", "sys/epoll.h", "sys/eventfd.h", "sys/socket.h", "netinet/in.h", "netinet/tcp.h", "netinet/udp.h", "linux/in6.h")
            .Constants(typeof(Syscalls), new Dictionary<string, string>
            {
                ["AfInet"] = "AF_INET",
                ["AfInet6"] = "AF_INET6",
                ["SockStream"] = "SOCK_STREAM",
                ["SockDgram"] = "SOCK_DGRAM",
                ["SockNonblock"] = "SOCK_NONBLOCK",
                ["SockCloexec"] = "SOCK_CLOEXEC",
                ["SolSocket"] = "SOL_SOCKET",
                ["SoReuseAddr"] = "SO_REUSEADDR",
                ["SoError"] = "SO_ERROR",
                ["SoKeepAlive"] = "SO_KEEPALIVE",
                ["SoLinger"] = "SO_LINGER",
                ["SoMark"] = "SO_MARK",
                ["SolIp"] = "SOL_IP",
                ["IpFreebind"] = "IP_FREEBIND",
                ["IpTransparent"] = "IP_TRANSPARENT",
                ["IpBindAddressNoPort"] = "IP_BIND_ADDRESS_NO_PORT",
                ["SolIPv6"] = "SOL_IPV6",
                ["IPv6Transparent"] = "IPV6_TRANSPARENT",
                ["SolTcp"] = "SOL_TCP",
                ["TcpNodelay"] = "TCP_NODELAY",
                ["TcpKeepIdle"] = "TCP_KEEPIDLE",
                ["TcpKeepInterval"] = "TCP_KEEPINTVL",
                ["TcpKeepCount"] = "TCP_KEEPCNT",
                ["MsgPeek"] = "MSG_PEEK",
                ["MsgDontwait"] = "MSG_DONTWAIT",
                ["MsgNosignal"] = "MSG_NOSIGNAL",
                ["ShutRd"] = "SHUT_RD",
                ["ShutWr"] = "SHUT_WR",
                ["OpenNonblock"] = "O_NONBLOCK",
                ["OpenCloexec"] = "O_CLOEXEC",
                ["FSetPipeSize"] = "F_SETPIPE_SZ",
                ["SpliceMove"] = "SPLICE_F_MOVE",
                ["SpliceNonblock"] = "SPLICE_F_NONBLOCK",
                ["EpollCloexec"] = "EPOLL_CLOEXEC",
                ["EventfdCloexec"] = "EFD_CLOEXEC",
                ["EventfdNonblock"] = "EFD_NONBLOCK",
                ["EpollCtlAdd"] = "EPOLL_CTL_ADD",
                ["EpollCtlDel"] = "EPOLL_CTL_DEL",
                ["EpollIn"] = "EPOLLIN",
                ["EpollOut"] = "EPOLLOUT",
                ["EpollErr"] = "EPOLLERR",
                ["EpollHup"] = "EPOLLHUP",
                ["EpollRdhup"] = "EPOLLRDHUP",
                ["EpollExclusive"] = "(unsigned)EPOLLEXCLUSIVE",
                ["EpollEt"] = "(unsigned)EPOLLET",
                ["EPERM"] = "EPERM",
                ["EACCES"] = "EACCES",
                ["EINTR"] = "EINTR",
                ["EAGAIN"] = "EAGAIN",
                ["ENOMEM"] = "ENOMEM",
                ["ENFILE"] = "ENFILE",
                ["EMFILE"] = "EMFILE",
                ["EADDRINUSE"] = "EADDRINUSE",
                ["EADDRNOTAVAIL"] = "EADDRNOTAVAIL",
                ["ENOBUFS"] = "ENOBUFS",
                ["ECONNABORTED"] = "ECONNABORTED",
                ["ECONNRESET"] = "ECONNRESET",
                ["ETIMEDOUT"] = "ETIMEDOUT",
                ["EHOSTUNREACH"] = "EHOSTUNREACH",
                ["EINPROGRESS"] = "EINPROGRESS",
                ["ECANCELED"] = "ECANCELED",
            })
            .Constants(typeof(SteeredSockets), new Dictionary<string, string>
            {
                ["SolIp"] = "SOL_IP",
                ["SolIPv6"] = "SOL_IPV6",
                ["IpTransparent"] = "IP_TRANSPARENT",
                ["IpFreebind"] = "IP_FREEBIND",
                ["IpRecvOriginalDestination"] = "IP_RECVORIGDSTADDR",
                ["IPv6RecvOriginalDestination"] = "IPV6_RECVORIGDSTADDR",
                ["IpRecvTos"] = "IP_RECVTOS",
                ["IPv6RecvTrafficClass"] = "IPV6_RECVTCLASS",
                ["SolUdp"] = "SOL_UDP",
                ["UdpGro"] = "UDP_GRO",
                ["TcpInfo"] = "TCP_INFO",
                ["TcpInfoQueued"] = "offsetof(struct tcp_info, tcpi_unacked)",
                ["SolSocket"] = "SOL_SOCKET",
                ["SoReceiveBuffer"] = "SO_RCVBUF",
                ["SoReusePort"] = "SO_REUSEPORT",
                ["SoReceiveBufferForce"] = "SO_RCVBUFFORCE",
            })
            .Constants(typeof(SocketAddress), new Dictionary<string, string>
            {
                ["MaxSize"] = "sizeof(struct sockaddr_in6)",
                ["IPv4Size"] = "sizeof(struct sockaddr_in)",
            })
            .Constants(typeof(SocketNames), new Dictionary<string, string> { ["SockaddrIn6Size"] = "sizeof(struct sockaddr_in6)" })
            .Structure<Syscalls.Linger>("struct linger", new Dictionary<string, string>
            {
                ["On"] = "l_onoff",
                ["Seconds"] = "l_linger",
            })
            .Verify();

    [Fact]
    public void Events_of_epoll_have_the_layout_of_the_headers() =>
        new CHeaders("sys/epoll.h")
            .Value("Epoll.EventSize", ValueOf("EventSize"), "sizeof(struct epoll_event)")
            .Value("Epoll.DataOffset", ValueOf("DataOffset"), "offsetof(struct epoll_event, data)")
            .Verify();

    private static long ValueOf(string field) => (int)typeof(Epoll).GetField(field, BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
}
