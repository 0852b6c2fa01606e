using Everyport.Proxy.Admission;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>What is read from <c>Limits</c> about sources.</summary>
public class LimitsTests
{
    [Fact]
    public void A_source_has_a_thousand_connections_at_any_rate_unless_told_otherwise() =>
        Assert.Equal(new SourceLimitSettings(1000, 0, 0, 32, 64), Read("{}").Limits.Source);

    [Fact]
    public void Sources_are_limited_as_configured() => Assert.Equal(
        new SourceLimitSettings(5, 20, 20, 24, 56),
        Read("""{ "Limits": { "MaxConnectionsPerSource": 5, "NewConnectionsPerSecondPerSource": 20, "SourcePrefixIPv4": 24, "SourcePrefixIPv6": 56 } }""").Limits.Source);

    [Fact]
    public void A_source_has_a_thousand_flows_at_any_rate_unless_told_otherwise() =>
        Assert.Equal(new SourceLimitSettings(1000, 0, 0, 32, 64), Read("{}").Limits.FlowSource);

    [Fact]
    public void Flows_of_a_source_are_limited_as_configured()
    {
        var limits = Read("""{ "Limits": { "MaxFlowsPerSource": 5, "NewFlowsPerSecondPerSource": 20, "SourcePrefixIPv4": 24, "FlowReceiveBuffer": 65536, "FlowThreads": 4 } }""").Limits;
        Assert.Equal(new SourceLimitSettings(5, 20, 20, 24, 64), limits.FlowSource);
        Assert.Equal((65_536, 4), (limits.FlowReceiveBuffer, limits.FlowThreads));
    }

    [Theory]
    [InlineData("off")]
    [InlineData("Off")]
    public void The_rate_can_be_switched_off(string off) =>
        Assert.Equal(0, Read($$"""{ "Limits": { "NewConnectionsPerSecondPerSource": "{{off}}" } }""").Limits.Source.ConnectionsPerSecond);

    [Fact]
    public void Values_out_of_bounds_are_errors() => AssertErrors(
        """
        { "Limits": {
          "MaxConnectionsPerSource": 0, "NewConnectionsPerSecondPerSource": 0, "MaxFlowsPerSource": 0, "NewFlowsPerSecondPerSource": "none",
          "FlowReceiveBuffer": 0, "FlowThreads": 5, "SourcePrefixIPv4": 33, "SourcePrefixIPv6": 129, "SourcePrefixIPv5": 1
        } }
        """,
        "Limits:MaxConnectionsPerSource: '0' is not a number from 1 to 2147483647",
        "Limits:NewConnectionsPerSecondPerSource: '0' is neither 'off' nor a number from 1 to 1000000",
        "Limits:MaxFlowsPerSource: '0' is not a number from 1 to 2147483647",
        "Limits:NewFlowsPerSecondPerSource: 'none' is neither 'off' nor a number from 1 to 1000000",
        "Limits:FlowThreads: '5' is not a number from 1 to 4",
        "Limits:FlowReceiveBuffer: '0' is not a number from 4096 to 1073741824",
        "Limits:SourcePrefixIPv4: '33' is not a number from 1 to 32",
        "Limits:SourcePrefixIPv6: '129' is not a number from 1 to 128",
        "Limits:SourcePrefixIPv5: is an unknown key; did you mean 'SourcePrefixIPv4'?");
}
