using Everyport.Proxy.Configuration;
using Everyport.Proxy.Reload;
using Everyport.Proxy.Tests.Configuration;

namespace Everyport.Proxy.Tests.Reload;

/// <summary>What a running program cannot change is found by comparing, stays as it is, and is told.</summary>
public class StartOnlySettingsTests
{
    [Theory]
    [InlineData("""{ "Admin": { "Listen": "127.0.0.1:9999" } }""", "Admin:Listen")]
    [InlineData("""{ "Demo": { "Http": "127.0.0.1:9998" } }""", "Demo")]
    [InlineData("""{ "Limits": { "FlowThreads": 2 } }""", "Limits:FlowThreads")]
    [InlineData("""{ "Limits": { "FlowReceiveBuffer": 65536 } }""", "Limits:FlowReceiveBuffer")]
    [InlineData("""{ "Tls": { "HandshakeTimeout": "00:00:05" } }""", "Tls:HandshakeTimeout")]
    public void Each_waits_for_the_next_start(string json, string path)
    {
        var running = Configurations.Read("{}");
        var (inForce, waiting) = StartOnlySettings.Keep(running, Configurations.Read(json));
        Assert.Equal([$"{path} has changed, which takes effect at the next start"], waiting);
        Assert.Equal(
            (running.Admin.Listen, running.Demo, running.Limits, running.Tls.HandshakeTimeout),
            (inForce.Admin.Listen, inForce.Demo, inForce.Limits, inForce.Tls.HandshakeTimeout));
        Assert.Empty(StartOnlySettings.Keep(running, inForce).Waiting);
    }

    [Fact]
    public void An_admin_host_that_others_still_reach_keeps_its_token_until_it_listens_elsewhere()
    {
        var running = Configurations.Read("""{ "Admin": { "Listen": "0.0.0.0:9464", "Token": "0123456789abcdef" } }""");
        var (inForce, waiting) = StartOnlySettings.Keep(running, Configurations.Read("""{ "Admin": { "Listen": "127.0.0.1:9464" } }"""));
        Assert.Single(waiting);
        Assert.Equal((running.Admin.Listen, running.Admin.Token), (inForce.Admin.Listen, inForce.Admin.Token));

        var other = Configurations.Read("""{ "Admin": { "Listen": "127.0.0.1:9464", "Token": "fedcba9876543210" } }""");
        Assert.Same(other.Admin.Token, StartOnlySettings.Keep(running, other).InForce.Admin.Token);
    }

    [Fact]
    public void Everything_else_comes_into_force()
    {
        var next = Configurations.Read("""{ "Limits": { "MaxConnections": 5, "FlowThreads": 2 }, "Configuration": { "Watch": false } }""");
        var (inForce, _) = StartOnlySettings.Keep(Configurations.Read("{}"), next);
        Assert.Equal(new Limits { MaxConnections = 5 }, inForce.Limits);
        Assert.False(inForce.Watch);
    }
}
