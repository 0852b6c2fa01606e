using Everyport.Steering.Kernel;

namespace Everyport.Steering.Tests.Kernel;

/// <summary>What is said where steering is not possible.</summary>
public class RequirementsTests
{
    private const ulong NetAdmin = 1UL << 12, SysAdmin = 1UL << 21, Bpf = 1UL << 39;
    private static readonly Version Recent = new(6, 12, 3);

    [Fact]
    public void Two_capabilities_are_enough() => Assert.Empty(Requirements.Missing(Recent, libbpf: true, Bpf | NetAdmin));

    [Fact]
    public void SYS_ADMIN_is_enough() => Assert.Empty(Requirements.Missing(Recent, libbpf: true, SysAdmin));

    [Fact]
    public void The_oldest_kernel_that_will_do_is_named() =>
        Assert.Equal(
            ["the kernel is Linux 5.4, and sk_lookup needs 5.10 or later"],
            Requirements.Missing(new Version(5, 4, 0, 187), libbpf: true, SysAdmin));

    [Theory]
    [InlineData("5.9.16", false)]
    [InlineData("5.10.0", true)]
    [InlineData("5.15.0.91", true)]
    [InlineData("6.1.0", true)]
    [InlineData("10.0.1", true)]
    public void Kernels_are_compared_by_number(string version, bool enough) =>
        Assert.Equal(enough, Requirements.Missing(Version.Parse(version), libbpf: true, SysAdmin).Count == 0);

    [Fact]
    public void A_missing_library_comes_with_the_command_that_installs_it()
    {
        var missing = Assert.Single(Requirements.Missing(Recent, libbpf: false, SysAdmin));
        Assert.Contains("libbpf.so.1 is not installed", missing, StringComparison.Ordinal);
        Assert.Contains("apt-get install libbpf1", missing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL, "this process lacks CAP_BPF and CAP_NET_ADMIN (")]
    [InlineData(NetAdmin, "this process lacks CAP_BPF (")]
    [InlineData(Bpf, "this process lacks CAP_NET_ADMIN (")]
    [InlineData(~(NetAdmin | SysAdmin | Bpf), "this process lacks CAP_BPF and CAP_NET_ADMIN (")]
    public void Exactly_the_missing_capabilities_are_named(ulong capabilities, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Requirements.Missing(Recent, libbpf: true, capabilities)), StringComparison.Ordinal);

    [Fact]
    public void Everything_that_is_missing_is_told_at_once() =>
        Assert.Equal(3, Requirements.Missing(new Version(4, 19), libbpf: false, 0).Count);

    [Fact]
    public void Capabilities_are_read_from_the_status_of_the_process()
    {
        const string status = "Name:\teveryport\nCapInh:\t0000000000000000\nCapPrm:\t000001ffffffffff\nCapEff:\t0000008000001000\nCapBnd:\t000001ffffffffff\n";
        Assert.Equal(Bpf | NetAdmin, Requirements.EffectiveCapabilities(status));
        Assert.Equal(0UL, Requirements.EffectiveCapabilities("Name:\teveryport\n"));
    }
}
