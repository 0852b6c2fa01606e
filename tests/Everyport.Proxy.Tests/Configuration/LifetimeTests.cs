using Everyport.Proxy.Lifetime;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>What is read about how the proxy ends, and what outlives it.</summary>
public class LifetimeTests
{
    [Fact]
    public void Connections_have_half_a_minute_to_end_and_nothing_is_pinned_unless_told_otherwise()
    {
        var configuration = Read("{}");
        Assert.Equal(new LifetimeSettings { ReadyDelay = TimeSpan.Zero, DrainTimeout = TimeSpan.FromSeconds(30), RestTimeout = TimeSpan.FromSeconds(3) }, configuration.Lifetime);
        Assert.Null(configuration.Steering.PinPath);
        Assert.Null(Read("""{ "Steering": { "PinPath": null } }""").Steering.PinPath);
    }

    [Fact]
    public void All_of_it_can_be_set()
    {
        var configuration = Read("""{ "Lifetime": { "ReadyDelay": "00:00:05", "DrainTimeout": "off", "RestTimeout": "00:00:10" }, "Steering": { "PinPath": "/sys/fs/bpf/everyport/" } }""");
        Assert.Equal(new LifetimeSettings { ReadyDelay = TimeSpan.FromSeconds(5), DrainTimeout = TimeSpan.Zero, RestTimeout = TimeSpan.FromSeconds(10) }, configuration.Lifetime);
        Assert.Equal("/sys/fs/bpf/everyport", configuration.Steering.PinPath);
    }

    [Fact]
    public void Values_out_of_bounds_are_errors() => AssertErrors(
        """{ "Lifetime": { "ReadyDelay": "5", "DrainTimeout": "-00:00:01", "DrainTime": "off", "RestTimeout": "off" }, "Steering": { "PinPath": "bpf/everyport" } }""",
        "Lifetime:ReadyDelay: '5' is not a time span above zero and up to one day, such as '00:00:03', or 'off'",
        "Lifetime:DrainTimeout: '-00:00:01' is not a time span above zero and up to one day, such as '00:00:03', or 'off'",
        "Lifetime:RestTimeout: 'off' is not a time span above zero and up to one day, such as '00:00:03'",
        "Lifetime:DrainTime: is an unknown key; did you mean 'DrainTimeout'?",
        "Steering:PinPath: 'bpf/everyport' is not the absolute path of a directory on a BPF file system, such as '/sys/fs/bpf/everyport'");
}
