using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>What the section <c>Steering</c> has besides rules.</summary>
public class SteeringTests
{
    [Fact]
    public void The_guard_rails_are_on_unless_they_are_switched_off()
    {
        var steering = Read("""{ "Steering": { "Rules": { } } }""").Steering;
        Assert.True(steering.LocalRoutes && steering.LeaveExistingListeners && steering.LeaveEphemeralPorts && steering.PortCounters && steering.RuleCounters);
        Assert.Empty(steering.Ruleset.DenySources);
    }

    [Fact]
    public void Each_can_be_switched_off()
    {
        var steering = Read(
            """{ "Steering": { "LocalRoutes": false, "LeaveExistingListeners": false, "LeaveEphemeralPorts": false, "PortCounters": false, "RuleCounters": false } }""").Steering;
        Assert.False(steering.LocalRoutes || steering.LeaveExistingListeners || steering.LeaveEphemeralPorts || steering.PortCounters || steering.RuleCounters);
    }

    [Fact]
    public void Denied_sources_are_part_of_the_ruleset() => Assert.Equal(
        ["203.0.113.0/24", "2001:db8::1/128"],
        Read("""{ "Steering": { "DenySources": ["2001:db8::1", "203.0.113.0/24"] } }""").Steering.Ruleset.DenySources.Select(prefix => prefix.ToString()));

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() => AssertErrors(
        """
        { "Steering": {
          "DenySources": ["203.0.113.0/24", "203.0.113.1/24", "203.0.113.0/24", "everybody"],
          "LeaveExistingListeners": "sshd", "LeaveEphemeralPorts": 1, "PortCounters": "no", "PortCounter": true
        } }
        """,
        "Steering:DenySources:1: '203.0.113.1/24' has bits set beyond its length; write '203.0.113.0/24', or '203.0.113.1/32' for the one address",
        "Steering:DenySources:2: '203.0.113.0/24' is listed twice",
        "Steering:DenySources:3: 'everybody' is not a prefix such as '198.51.100.0/24' or '2001:db8::/32'",
        "Steering:LeaveExistingListeners: 'sshd' is neither 'true' nor 'false'",
        "Steering:LeaveEphemeralPorts: '1' is neither 'true' nor 'false'",
        "Steering:PortCounters: 'no' is neither 'true' nor 'false'",
        "Steering:PortCounter: is an unknown key; did you mean 'PortCounters'?");

    [Fact]
    public void A_rule_for_the_very_endpoint_of_the_admin_host_contradicts_it() => AssertErrors(
        """{ "Steering": { "Rules": { "all": { "Prefixes": ["127.0.0.1/32"], "Ports": "9464" } } } }""",
        "Steering:Rules: rules 'all' (Proxy) and 'own: Admin:Listen' (Pass) match TCP 127.0.0.1/32 ports 9464 with equal precedence; "
            + "narrow the ports or the prefix of one of them");
}
