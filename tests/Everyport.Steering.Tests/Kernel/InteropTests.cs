using Everyport.Steering.Kernel;
using Everyport.Steering.Netlink;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>What steering says to libbpf, libc and rtnetlink, against the headers of this machine.</summary>
public class InteropTests
{
    [Fact]
    public void Libbpf_is_called_as_its_headers_say() =>
        new CHeaders("linux/bpf.h", "bpf/bpf.h", "bpf/libbpf.h")
            .Constants(typeof(Libbpf), new Dictionary<string, string>
            {
                ["MapTypeArray"] = "BPF_MAP_TYPE_ARRAY",
                ["MapFlagMmapable"] = "BPF_F_MMAPABLE",
                ["MapTypePercpuArray"] = "BPF_MAP_TYPE_PERCPU_ARRAY",
                ["MapTypeSockmap"] = "BPF_MAP_TYPE_SOCKMAP",
                ["AttachTypeSkLookup"] = "BPF_SK_LOOKUP",
                ["OpenToWrite"] = "0",
                ["OpenToRead"] = "BPF_F_RDONLY",
                ["Any"] = "BPF_ANY",
                ["NoExist"] = "BPF_NOEXIST",
                ["Exist"] = "BPF_EXIST",
            })
            .Structure<Libbpf.OpenOptions>("struct bpf_object_open_opts", new Dictionary<string, string>
            {
                ["Size"] = "sz",
                ["ObjectName"] = "object_name",
            }, beginning: true)
            .Structure<Libbpf.MapOptions>("struct bpf_map_create_opts", new Dictionary<string, string>
            {
                ["Size"] = "sz",
                ["BtfFd"] = "btf_fd",
                ["BtfKeyTypeId"] = "btf_key_type_id",
                ["BtfValueTypeId"] = "btf_value_type_id",
                ["BtfVmlinuxValueTypeId"] = "btf_vmlinux_value_type_id",
                ["InnerMapFd"] = "inner_map_fd",
                ["Flags"] = "map_flags",
            }, beginning: true)
            .Structure<Libbpf.ObjectOptions>("struct bpf_obj_get_opts", new Dictionary<string, string>
            {
                ["Size"] = "sz",
                ["FileFlags"] = "file_flags",
            }, beginning: true)
            .Structure<ObjectInfo.Link>("struct bpf_link_info", new Dictionary<string, string>
            {
                ["Id"] = "id",
                ["ProgramId"] = "prog_id",
                ["NamespaceInode"] = "netns.netns_ino",
            }, beginning: true)
            .Structure<ObjectInfo.Map>("struct bpf_map_info", new Dictionary<string, string>
            {
                ["Id"] = "id",
                ["ValueSize"] = "value_size",
                ["MaxEntries"] = "max_entries",
            }, beginning: true)
            .Structure<Libbpf.TestRunOptions>("struct bpf_test_run_opts", new Dictionary<string, string>
            {
                ["Size"] = "sz",
                ["DataIn"] = "data_in",
                ["DataOut"] = "data_out",
                ["DataSizeIn"] = "data_size_in",
                ["DataSizeOut"] = "data_size_out",
                ["ContextIn"] = "ctx_in",
                ["ContextOut"] = "ctx_out",
                ["ContextSizeIn"] = "ctx_size_in",
                ["ContextSizeOut"] = "ctx_size_out",
                ["ReturnValue"] = "retval",
                ["Repeat"] = "repeat",
                ["Duration"] = "duration",
                ["Flags"] = "flags",
                ["Cpu"] = "cpu",
                ["BatchSize"] = "batch_size",
            }, beginning: true)
            .Verify();

    [Fact]
    public void Libc_is_called_as_its_headers_say() =>
        new CHeaders("errno.h", "fcntl.h", "grp.h", "sched.h", "sys/file.h", "poll.h", "sys/mman.h", "sys/socket.h", "sys/stat.h", "sys/syscall.h", "sys/vfs.h", "netinet/in.h", "linux/magic.h", "linux/netlink.h")
            .Constants(typeof(Libc), new Dictionary<string, string>
            {
                ["ProtRead"] = "PROT_READ",
                ["ProtWrite"] = "PROT_WRITE",
                ["MapShared"] = "MAP_SHARED",
                ["SockRaw"] = "SOCK_RAW",
                ["SockStream"] = "SOCK_STREAM",
                ["SockDgram"] = "SOCK_DGRAM",
                ["SockCloexec"] = "SOCK_CLOEXEC",
                ["AfInet"] = "AF_INET",
                ["AfInet6"] = "AF_INET6",
                ["AfNetlink"] = "AF_NETLINK",
                ["NetlinkRoute"] = "NETLINK_ROUTE",
                ["SolSocket"] = "SOL_SOCKET",
                ["SoProtocol"] = "SO_PROTOCOL",
                ["SoDomain"] = "SO_DOMAIN",
                ["SoAcceptConn"] = "SO_ACCEPTCONN",
                ["SoCookie"] = "SO_COOKIE",
                ["IpProtoIPv6"] = "IPPROTO_IPV6",
                ["IPv6Only"] = "IPV6_V6ONLY",
                ["SoNetworkNamespaceCookie"] = "SO_NETNS_COOKIE",
                ["AfUnix"] = "AF_UNIX",
                ["IpProtoTcp"] = "IPPROTO_TCP",
                ["IpProtoUdp"] = "IPPROTO_UDP",
                ["IpProtoMptcp"] = "IPPROTO_MPTCP",
                ["GetDescriptorFlags"] = "F_GETFD",
                ["PollIn"] = "POLLIN",
                ["PidfdOpen"] = "SYS_pidfd_open",
                ["PidfdGetfd"] = "SYS_pidfd_getfd",
                ["EBADF"] = "EBADF",
                ["EINVAL"] = "EINVAL",
                ["ENOTSOCK"] = "ENOTSOCK",
                ["EPERM"] = "EPERM",
                ["ENOENT"] = "ENOENT",
                ["E2BIG"] = "E2BIG",
                ["ENOLINK"] = "ENOLINK",
                ["EINTR"] = "EINTR",
                ["EACCES"] = "EACCES",
                ["EEXIST"] = "EEXIST",
                ["ESRCH"] = "ESRCH",
                ["EAGAIN"] = "EAGAIN",
                ["OpenCloexec"] = "O_CLOEXEC",
                ["LockExclusive"] = "LOCK_EX",
                ["LockNonblocking"] = "LOCK_NB",
                ["AtEmptyPath"] = "AT_EMPTY_PATH",
                ["AtWorkingDirectory"] = "AT_FDCWD",
                ["InodeNumber"] = "STATX_INO",
                ["TimeOfChange"] = "STATX_MTIME",
                ["ModeAndGroup"] = "STATX_MODE | STATX_GID",
                ["UserNumber"] = "STATX_UID",
                ["CloneNewNet"] = "CLONE_NEWNET",
                ["BpfFileSystem"] = "BPF_FS_MAGIC",
            })
            .Structure<Libc.FileStatus>("struct statx", new Dictionary<string, string>
            {
                ["User"] = "stx_uid",
                ["Group"] = "stx_gid",
                ["Mode"] = "stx_mode",
                ["Inode"] = "stx_ino",
                ["ModifiedSeconds"] = "stx_mtime.tv_sec",
                ["ModifiedNanoseconds"] = "stx_mtime.tv_nsec",
                ["DeviceMajor"] = "stx_dev_major",
                ["DeviceMinor"] = "stx_dev_minor",
            })
            .Structure<Libc.GroupRecord>("struct group", new Dictionary<string, string> { ["Number"] = "gr_gid" })
            .Structure<Libc.Polled>("struct pollfd", new Dictionary<string, string> { ["Descriptor"] = "fd", ["Wanted"] = "events", ["Happened"] = "revents" })
            .Structure<Libc.FileSystem>("struct statfs", new Dictionary<string, string> { ["Type"] = "f_type" })
            .Value("Libc.MapFailed", Libc.MapFailed, "(long)MAP_FAILED")
            .Verify();

    [Fact]
    public void Routes_are_told_as_the_headers_of_rtnetlink_say() =>
        new CHeaders("sys/socket.h", "linux/netlink.h", "linux/rtnetlink.h")
            .Constants(typeof(NetlinkSocket), new Dictionary<string, string>
            {
                ["HeaderSize"] = "sizeof(struct nlmsghdr)",
                ["AttributeHeaderSize"] = "sizeof(struct rtattr)",
                ["Request"] = "NLM_F_REQUEST",
                ["Acknowledge"] = "NLM_F_ACK",
                ["Dump"] = "NLM_F_DUMP",
                ["ErrorMessage"] = "NLMSG_ERROR",
                ["DoneMessage"] = "NLMSG_DONE",
            })
            .Constants(typeof(RouteSocket), new Dictionary<string, string>
            {
                ["NewRoute"] = "RTM_NEWROUTE",
                ["DeleteRoute"] = "RTM_DELROUTE",
                ["GetRoute"] = "RTM_GETROUTE",
                ["NewAddress"] = "RTM_NEWADDR",
                ["GetAddress"] = "RTM_GETADDR",
                ["Exclusive"] = "NLM_F_EXCL",
                ["Create"] = "NLM_F_CREATE",
                ["RouteDestination"] = "RTA_DST",
                ["RouteInterface"] = "RTA_OIF",
                ["RoutePriority"] = "RTA_PRIORITY",
                ["AddressAddress"] = "IFA_ADDRESS",
                ["AddressLocal"] = "IFA_LOCAL",
                ["TypeLocal"] = "RTN_LOCAL",
                ["ScopeHost"] = "RT_SCOPE_HOST",
                ["RouteSize"] = "sizeof(struct rtmsg)",
                ["AddressSize"] = "sizeof(struct ifaddrmsg)",
            })
            .Constants(typeof(LocalRoute), new Dictionary<string, string> { ["TableLocal"] = "RT_TABLE_LOCAL" })
            .Verify();

    [Fact]
    public void Policy_rules_are_told_as_the_headers_of_rtnetlink_say() =>
        new CHeaders("netinet/in.h", "linux/netlink.h", "linux/rtnetlink.h", "linux/fib_rules.h")
            .Constants(typeof(PolicyRuleSocket), new Dictionary<string, string>
            {
                ["NewRule"] = "RTM_NEWRULE",
                ["DeleteRule"] = "RTM_DELRULE",
                ["GetRule"] = "RTM_GETRULE",
                ["Exclusive"] = "NLM_F_EXCL",
                ["Create"] = "NLM_F_CREATE",
                ["RuleSource"] = "FRA_SRC",
                ["RuleInputInterface"] = "FRA_IIFNAME",
                ["RulePriority"] = "FRA_PRIORITY",
                ["RuleMark"] = "FRA_FWMARK",
                ["RuleTable"] = "FRA_TABLE",
                ["RuleProtocol"] = "FRA_PROTOCOL",
                ["RuleIpProtocol"] = "FRA_IP_PROTO",
                ["RuleSourcePorts"] = "FRA_SPORT_RANGE",
                ["RuleDestinationPorts"] = "FRA_DPORT_RANGE",
                ["ActionLookUp"] = "FR_ACT_TO_TBL",
                ["IpProtoTcp"] = "IPPROTO_TCP",
                ["RuleSize"] = "sizeof(struct fib_rule_hdr)",
                ["AttributesSize"] = "128", // ours: room for all of them
            })
            .Structure<PortRange>("struct fib_rule_port_range", new Dictionary<string, string> { ["First"] = "start", ["Last"] = "end" })
            .Verify();

    [Fact]
    public void Sockets_are_asked_for_as_the_headers_of_sock_diag_say() =>
        new CHeaders("netinet/in.h", "netinet/tcp.h", "linux/netlink.h", "linux/sock_diag.h", "linux/inet_diag.h")
            .Constants(typeof(SocketDiagnostics), new Dictionary<string, string>
            {
                ["NetlinkSockDiag"] = "NETLINK_SOCK_DIAG",
                ["SockDiagByFamily"] = "SOCK_DIAG_BY_FAMILY",
                ["AttributeShutdown"] = "INET_DIAG_SHUTDOWN",
                ["ReceivesNothing"] = "1 << SHUT_RD", // the kernel's own name for it is in no header for programs
                ["AttributeIPv6Only"] = "INET_DIAG_SKV6ONLY",
                ["RequestSize"] = "sizeof(struct inet_diag_req_v2)",
                ["AnswerSize"] = "sizeof(struct inet_diag_msg)",
                ["IpProtoTcp"] = "IPPROTO_TCP",
                ["IpProtoUdp"] = "IPPROTO_UDP",
                ["StateListen"] = "TCP_LISTEN",
                ["StateClose"] = "TCP_CLOSE",
                ["StateTimeWait"] = "TCP_TIME_WAIT",
                ["AllStates"] = "~0U",
                ["OpenStates"] = "~(1U << TCP_LISTEN | 1U << TCP_CLOSE | 1U << TCP_TIME_WAIT)",
                ["SourceAddress"] = "offsetof(struct inet_diag_msg, id.idiag_src)",
            })
            .Verify();

    [Fact]
    public void Capabilities_have_the_numbers_of_the_kernel() =>
        new CHeaders("linux/capability.h")
            .Constants(typeof(Requirements), new Dictionary<string, string>
            {
                ["CapNetAdmin"] = "CAP_NET_ADMIN",
                ["CapSysAdmin"] = "CAP_SYS_ADMIN",
                ["CapBpf"] = "CAP_BPF",
            })
            .Verify();
}
