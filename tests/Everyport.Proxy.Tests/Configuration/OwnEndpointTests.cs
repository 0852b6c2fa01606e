using System.Net;
using Everyport.Proxy.Configuration;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>Which rules keep the admin host and the demo origin reachable.</summary>
public class OwnEndpointTests
{
    private static readonly Address[] Assigned = [Parse("127.0.0.1"), Parse("192.0.2.1"), Parse("2001:db8::1")];

    [Theory]
    [InlineData("192.0.2.9:9464", "192.0.2.9/32")]
    [InlineData("[2001:db8::9]:9464", "2001:db8::9/128")]
    [InlineData("0.0.0.0:9464", "127.0.0.1/32 192.0.2.1/32")]
    [InlineData("[::]:9464", "127.0.0.1/32 192.0.2.1/32 2001:db8::1/128")]
    public void The_address_is_named_and_where_it_is_every_address_those_of_the_interfaces(string listen, string prefixes)
    {
        var rule = Assert.Single(OwnEndpoint.Of(IPEndPoint.Parse(listen), demo: null)).ToRule(Assigned)!;
        Assert.Equal(prefixes, string.Join(' ', rule.Prefixes));
        Assert.Equal((Protocols.Tcp, "9464", Target.Pass), (rule.Protocols, rule.Ports.ToString(), rule.Target));
    }

    [Fact]
    public void The_demo_origin_passes_too_its_echo_over_both_protocols()
    {
        var demo = new DemoSettings(IPEndPoint.Parse("127.0.0.1:80"), IPEndPoint.Parse("127.0.0.1:7"));
        Assert.Equal(
            ["own: Admin:Listen Tcp 9464", "own: Demo:Http Tcp 80", "own: Demo:Echo All 7"],
            OwnEndpoint.Of(IPEndPoint.Parse("127.0.0.1:9464"), demo).Select(own => own.ToRule(Assigned)!).Select(rule => $"{rule.Name} {rule.Protocols} {rule.Ports}"));
    }

    [Fact]
    public void Where_no_address_is_assigned_there_is_no_rule() =>
        Assert.Null(OwnEndpoint.Of(IPEndPoint.Parse("0.0.0.0:9464"), demo: null)[0].ToRule([]));

    private static Address Parse(string text) => Address.From(IPAddress.Parse(text));
}
