using Everyport.Proxy.Flows;

namespace Everyport.Proxy.Tests.Flows;

/// <summary>Structures and constants of datagrams in batches, against the headers of this machine.</summary>
public class InteropTests
{
    [Fact]
    public void Constants_are_those_of_the_headers() =>
        new CHeaders("sys/socket.h", "netinet/in.h", "linux/in6.h")
            .Constants(typeof(UdpSyscalls), new Dictionary<string, string>
            {
                ["IpOriginalDestination"] = "IP_ORIGDSTADDR",
                ["IPv6OriginalDestination"] = "IPV6_ORIGDSTADDR",
            })
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
}
