using Everyport.Proxy.Configuration;
using Everyport.Proxy.Doctor;
using Everyport.Proxy.Tests.Configuration;
using Everyport.Steering.Inspection;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Tests.Doctor;

/// <summary>Each thing that may be in the way, on a machine on which nothing else is.</summary>
public class CheckupTests
{
    private const ulong AllCapabilities = ulong.MaxValue;

    private static readonly Machine Good = new()
    {
        Kernel = new Version(6, 1),
        Capabilities = AllCapabilities,
        BpfFilesystems = ["/sys/fs/bpf"],
        AttachedPrograms = 0,
        Network = new NamespaceFacts
        {
            Assigned = [At("127.0.0.1"), At("192.0.2.10")],
            Subnets = [Net("192.0.2.0/24")],
            LocalPrefixes = [Net("127.0.0.0/8"), Net("192.0.2.10/32")],
        },
    };

    [Fact]
    public void Where_nothing_is_in_the_way_all_is_well() =>
        Assert.All(Examine(Good), finding => Assert.Equal(FindingLevel.Fine, finding.Level));

    [Fact]
    public void What_is_missing_to_begin_with_is_a_problem() => AssertFound(
        Good with { Missing = ["libbpf.so.1 is not installed (run 'apt-get install libbpf1')"] }, FindingLevel.Problem, "Libbpf.so.1 is not installed (run 'apt-get install libbpf1').");

    [Theory]
    [InlineData(true, null, null, "seccomp=unconfined")]
    [InlineData(false, "confidentiality", null, "lockdown (confidentiality)")]
    [InlineData(false, null, 2, "kernel.unprivileged_bpf_disabled")]
    [InlineData(false, null, 0, "A security module")]
    public void A_program_that_cannot_be_loaded_is_a_problem_with_what_probably_forbids_it(bool seccomp, string? lockdown, int? unprivileged, string hint)
    {
        var found = AssertFound(Good with { LoadError = "Cannot create the map.", HasSeccompFilter = seccomp, Lockdown = lockdown, UnprivilegedBpfDisabled = unprivileged }, FindingLevel.Problem, "Cannot create the map.");
        Assert.Contains(hint, found.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_of_others_are_told_and_too_many_are_a_problem()
    {
        AssertFound(Good with { AttachedPrograms = 1 }, FindingLevel.Note, "1 sk_lookup programs are attached");
        AssertFound(Good with { AttachedPrograms = 64 }, FindingLevel.Problem, "as many as it can have");
    }

    [Theory]
    [InlineData(10, FindingLevel.Warning, "CAP_NET_BIND_SERVICE")]
    [InlineData(13, FindingLevel.Note, "CAP_NET_RAW")]
    public void A_capability_that_helps_is_missed(int capability, object level, string name) =>
        AssertFound(Good with { Capabilities = AllCapabilities & ~(1UL << capability) }, (FindingLevel)level, name);

    [Fact]
    public void Without_bpffs_there_is_no_pinning() => AssertFound(Good with { BpfFilesystems = [] }, FindingLevel.Note, "No bpffs is mounted");

    public static TheoryData<object, object, string> Pins => new()
    {
        { Existing with { IsBpf = false }, FindingLevel.Problem, "'/sys/fs/bpf' is not on a BPF file system (Steering:PinPath)." },
        { Existing with { IsWritable = false }, FindingLevel.Problem, "This user may not write to '/sys/fs/bpf' (Steering:PinPath)." },
        { Existing with { Trouble = "It steers another network namespace." }, FindingLevel.Problem, "It steers another network namespace." },
        { Existing with { Strangers = ["progs"] }, FindingLevel.Problem, "holds 'progs', which is another program's." },
        { Existing with { IsLoaded = true, IsAttached = false }, FindingLevel.Note, "is attached to nothing" },
        { Existing with { IsLoaded = true, IsAttached = true }, FindingLevel.Note, "A steering is kept in '/sys/fs/bpf/everyport' (Steering:PinPath): a start takes it over." },
        { Existing, FindingLevel.Fine, "The steering can be kept in '/sys/fs/bpf/everyport'." },
    };

    private static PinFacts Existing { get; } = new() { Existing = "/sys/fs/bpf" };

    [Theory]
    [MemberData(nameof(Pins))]
    public void The_directory_of_pins_is_looked_at(object pins, object level, string said) => AssertFound(
        Good with { Pins = (PinFacts)pins }, (FindingLevel)level, said, """{ "Steering": { "PinPath": "/sys/fs/bpf/everyport", "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } } }""");

    [Fact]
    public void The_nearest_directory_that_is_there_counts()
    {
        using var directory = new TemporaryDirectory();
        var facts = PinFacts.Read(Path.Combine(directory.Path, "one", "two"), [directory.Path]);
        Assert.Equal((directory.Path, true, true), (facts.Existing, facts.IsBpf, facts.IsWritable));
        Assert.False(PinFacts.Read(directory.Path, [$"{directory.Path}/one", "/elsewhere"]).IsBpf);
        Assert.True(PinFacts.Read(directory.Path, ["/"]).IsBpf);
    }

    [Fact]
    public void Too_few_descriptors_for_the_limits_are_told() =>
        AssertFound(Good with { MostDescriptors = 1024 }, FindingLevel.Warning, "The process may have 1,024 descriptors; Limits:MaxConnections (100,000) and MaxFlows (65,536) may take 266,036.");

    [Fact]
    public void Little_memory_is_told() => AssertFound(Good with { Memory = 100 << 20 }, FindingLevel.Warning, "100 MiB");

    [Theory]
    [InlineData("5.10", true)]
    [InlineData("5.11", false)]
    public void Locked_memory_counts_for_old_kernels(string kernel, bool isProblem) =>
        Assert.Equal(isProblem, Examine(Good with { Kernel = Version.Parse(kernel), MostLockedMemory = 64 << 10 }).Any(finding => finding is { Level: FindingLevel.Problem, Check: "memory" }));

    [Theory]
    [InlineData(900, 1000, "nearly full (900 of 1,000)")]
    [InlineData(0, 1000, "conntrack follows 1,000 connections at most")]
    public void A_small_table_of_conntrack_is_told(long count, long most, string said) =>
        Assert.Contains(Examine(Good with { Conntrack = (count, most) }), finding => finding.Check == "conntrack" && finding.Found.Contains(said, StringComparison.Ordinal));

    [Fact]
    public void A_range_that_is_not_local_is_told_where_nobody_makes_it_local()
    {
        var off = """{ "Steering": { "LocalRoutes": false, "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } } }""";
        AssertFound(Good, FindingLevel.Warning, "198.51.100.0/24 is not local here", off);
        Assert.DoesNotContain(Examine(Good with { Network = Good.Network with { LocalPrefixes = [Net("198.51.0.0/16")] } }, off), finding => finding.Check == "local routes");
        AssertFound(Good, FindingLevel.Warning, "192.0.0.0/16 gets no local route, as that would cut off the network 192.0.2.0/24", """{ "Steering": { "Rules": { "edge": { "Prefixes": ["192.0.0.0/16"] } } } }""");
    }

    [Fact]
    public void Rules_for_IPv6_need_it() =>
        AssertFound(Good with { HasIPv6 = false }, FindingLevel.Warning, "There are rules for IPv6", """{ "Steering": { "Rules": { "edge": { "Prefixes": ["2001:db8::/32"] } } } }""");

    [Fact]
    public void A_container_to_which_nothing_steered_belongs_is_told()
    {
        var machine = Good with { IsContainer = true };
        AssertFound(machine, FindingLevel.Warning, "This is a container with a network of its own", """{ "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } } }""");
        Assert.DoesNotContain(Examine(machine, """{ "Steering": { "Rules": { "edge": { "Prefixes": ["192.0.2.10"] } } } }"""), finding => finding.Check == "container");
        Assert.DoesNotContain(Examine(machine, Loopback), finding => finding.Check == "container");
    }

    [Fact]
    public void Strict_filters_are_told_where_clients_addresses_are_used()
    {
        const string Transparent =
            """
            { "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } },
              "ReverseProxy": { "Clusters": { "a": { "Destinations": { "a": { "Address": "tcp://10.0.0.5:1" } } } } },
              "Streams": { "seen": { "ClusterId": "a", "SourceAddress": "Client" } } }
            """;
        AssertFound(Good with { ReversePathFilter = 1 }, FindingLevel.Warning, "the stream 'seen' dials from the addresses of clients", Transparent);
        Assert.DoesNotContain(Examine(Good with { ReversePathFilter = 2 }, Transparent), finding => finding.Check == "rp_filter");
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData(null, true)]
    [InlineData("192.0.2.10", false)]
    public void An_admin_port_that_is_taken_is_a_problem(string? address, bool isTaken)
    {
        var machine = Listening(Protocols.Tcp, address, 9464);
        Assert.Equal(isTaken, Examine(machine).Any(finding => finding.Level == FindingLevel.Problem && finding.Found == "127.0.0.1:9464 (Admin:Listen) is taken by 'nginx'."));
    }

    [Theory]
    [InlineData("*", true, FindingLevel.Note, "'nginx' listens on TCP 192.0.2.10 port 80, and keeps it")]
    [InlineData("*", false, FindingLevel.Warning, "'nginx' listens on TCP 192.0.2.10 port 80, which the rule 'edge' takes")]
    [InlineData("80", true, FindingLevel.Warning, "'nginx' listens on TCP 192.0.2.10 port 80, which the rule 'edge' names")]
    public void Listeners_of_others_are_told_with_what_becomes_of_them(string ports, bool leave, object level, string said) => AssertFound(
        Listening(Protocols.Tcp, null, 80), (FindingLevel)level, said,
        $$"""{ "Steering": { "LeaveExistingListeners": {{(leave ? "true" : "false")}}, "Rules": { "edge": { "Prefixes": ["192.0.2.0/24"], "Protocols": "tcp", "Ports": "{{ports}}" } } } }""");

    [Theory]
    [InlineData(true, FindingLevel.Note, "are not steered")]
    [InlineData(false, FindingLevel.Warning, "answers to local clients")]
    public void Ephemeral_ports_are_told(bool leave, object level, string said) => AssertFound(
        Good, (FindingLevel)level, said,
        $$"""{ "Steering": { "LeaveEphemeralPorts": {{(leave ? "true" : "false")}}, "Rules": { "edge": { "Prefixes": ["192.0.2.10"], "Protocols": "udp" } } } }""");

    [Fact]
    public void A_destination_without_an_address_is_told() =>
        AssertFound(Good with { Names = new Dictionary<string, string?> { ["origin.example"] = "Name or service not known", ["good.example"] = null } }, FindingLevel.Warning, "'origin.example' has no address: Name or service not known.");

    [Fact]
    public void Warnings_of_the_configuration_are_told() =>
        AssertFound(Good, FindingLevel.Warning, "no rule steers anything to the proxy", """{ "ReverseProxy": { "Clusters": { "a": { "Destinations": { "a": { "Address": "tcp://10.0.0.5:1" } } } } }, "Streams": { "lost": { "ClusterId": "a" } } }""");

    [Fact]
    public void A_configuration_with_errors_is_a_problem_and_the_machine_is_looked_at_nevertheless()
    {
        var errors = Assert.Throws<ConfigurationException>(() => Configurations.Read("""{ "Admn": { }, "Limits": { "MaxFlows": "x", "MaxFlws": 1 } }"""));
        var findings = Checkup.Of(Good with { BpfFilesystems = [] }, errors);
        Assert.Equal(errors.Errors.Count, findings.Count(finding => finding is { Level: FindingLevel.Problem, Check: "configuration" }));
        Assert.Contains(findings, finding => finding.Check == "bpffs");
    }

    private const string Loopback = """{ "Steering": { "Rules": { "edge": { "Prefixes": ["127.100.0.0/16"] } } } }""";

    private static IReadOnlyList<Finding> Examine(Machine machine, string configuration = Loopback) => Checkup.Of(machine, Configurations.Read(configuration));

    private static Finding AssertFound(Machine machine, FindingLevel level, string said, string configuration = Loopback)
    {
        var findings = Examine(machine, configuration);
        var found = findings.FirstOrDefault(finding => finding.Level == level && finding.Found.Contains(said, StringComparison.Ordinal));
        Assert.True(found is not null, $"Nothing says '{said}': {string.Join('\n', findings)}");
        Assert.Equal(findings.OrderByDescending(finding => finding.Level), findings);
        return found;
    }

    private static Machine Listening(Protocols protocol, string? address, ushort port) => Good with
    {
        Network = Good.Network with { Listeners = [new FoundListener(protocol, address is null ? null : At(address), port, true, address is null, 7)] },
        Owners = new Dictionary<uint, string> { [7] = "nginx" },
    };

    private static Address At(string text) => Address.TryParse(text, out var address) ? address : throw new FormatException(text);

    private static Prefix Net(string text) => Prefix.TryParse(text, out var prefix, out _) ? prefix : throw new FormatException(text);
}
