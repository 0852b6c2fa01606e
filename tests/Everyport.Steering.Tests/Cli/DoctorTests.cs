using Everyport.Steering.Cli.Examining;
using Everyport.Steering.Inspection;
using Everyport.Steering.Tests.Kernel;

namespace Everyport.Steering.Tests.Cli;

/// <summary>Each thing that may be in the way is found, and nothing where all is well.</summary>
public sealed class DoctorTests : IDisposable
{
    private static readonly Condition Good = new()
    {
        PinPath = "/sys/fs/bpf/everyport",
        Kernel = new KernelFacts { Kernel = new Version(6, 1), Capabilities = ulong.MaxValue, BpfFilesystems = ["/sys/fs/bpf"], AttachedPrograms = 0 },
    };

    private readonly PinnedTerminal _steering = new();

    public void Dispose() => _steering.Dispose();

    [Fact]
    public void A_directory_that_is_not_on_bpffs_is_a_problem() =>
        Assert.Contains(Checkup.Of(Good with { PinPath = "/run/everyport" }), finding => finding is { Level: FindingLevel.Problem, Check: "bpffs" } && finding.Found.Contains("'/run/everyport'", StringComparison.Ordinal));

    [Fact]
    public void A_state_that_cannot_be_read_is_a_problem() =>
        Assert.Equal("Cannot read it.", Assert.Single(Checkup.Of(Good with { ReadError = "Cannot read it." }), finding => finding.Level == FindingLevel.Problem).Found);

    [Theory]
    [InlineData(true, "'steerctl unload --force' removes what is there.")]
    [InlineData(false, null)]
    public void Only_what_is_not_understood_is_to_be_removed(bool isNotUnderstood, string? mend) =>
        Assert.Equal(mend, Assert.Single(Checkup.Of(Good with { ReadError = "Cannot read it.", IsNotUnderstood = isNotUnderstood }), finding => finding.Level == FindingLevel.Problem).Mend);

    [Fact]
    public void What_matters_most_comes_first()
    {
        var levels = Checkup.Of(Good with { Kernel = Good.Kernel with { LoadError = "Cannot load.", Capabilities = 0 } }).Select(finding => finding.Level).ToArray();
        Assert.Equal(levels.OrderDescending(), levels);
        Assert.Equal(FindingLevel.Problem, levels[0]);
    }

    [KernelFact]
    public void Where_rules_lead_to_sockets_all_is_well()
    {
        _steering.Do("load");
        using var web = _steering.Register(_steering.Tcp("web"));
        _steering.Do("bind", "web", "tcp", "127.7.0.0/16", "80");
        var findings = _steering.Do("doctor", "--json").Json.GetProperty("findings").EnumerateArray().ToArray();
        Assert.DoesNotContain(findings, finding => finding.GetProperty("level").GetString() is "problem" or "warning");
        Assert.Contains("All is well.", _steering.Do("doctor").Output, StringComparison.Ordinal);
    }

    [KernelFact]
    public void A_service_without_a_socket_and_a_listener_that_is_robbed_are_told()
    {
        _steering.Do("load", "--no-local-routes");
        using var robbed = _steering.Namespace.Run(() => NamedServer.Tcp("robbed", "127.0.0.1", 8080));
        _steering.Do("bind", "web", "tcp", "127.0.0.1,2001:db8:7::/48", "8080");
        var text = _steering.Do("doctor").Output;
        Assert.Contains("The service 'web' has no socket for TCP over IPv4, TCP over IPv6", text, StringComparison.Ordinal);
        Assert.Contains("listens on TCP 127.0.0.1 port 8080, which the rule 'tcp 127.0.0.1/32,2001:db8:7::/48 8080' gives to the service 'web'", text, StringComparison.Ordinal);
        Assert.Contains("2001:db8:7::/48 is not local in this namespace", text, StringComparison.Ordinal);
    }
}
