using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Rules;

/// <summary>What the values of a rule mean, and what is said about wrong ones.</summary>
public class RuleDescriptionTests
{
    [Fact]
    public void A_rule_with_nothing_but_a_prefix_gives_both_protocols_and_all_ports_to_the_proxy()
    {
        var rule = Parse(new RuleDescription("edge", ["198.51.100.0/24"]));
        Assert.Equal("edge", rule.Name);
        Assert.Equal(Protocols.All, rule.Protocols);
        Assert.Equal(PortRanges.All, rule.Ports);
        Assert.Equal(Target.Proxy, rule.Target);
        Assert.Equal(["198.51.100.0/24"], rule.Prefixes.Select(prefix => prefix.ToString()));
    }

    [Theory]
    [InlineData(new[] { "tcp" }, Protocols.Tcp)]
    [InlineData(new[] { "UDP" }, Protocols.Udp)]
    [InlineData(new[] { "udp", "tcp" }, Protocols.All)]
    [InlineData(new[] { "tcp", "tcp" }, Protocols.Tcp)]
    [InlineData(new string[0], Protocols.All)]
    public void Protocols_are_names_in_any_case(string[] protocols, Protocols expected) =>
        Assert.Equal(expected, Parse(new RuleDescription("r", ["10.0.0.0/8"], Protocols: protocols)).Protocols);

    [Theory]
    [InlineData(null, null, "Proxy")]
    [InlineData("Proxy", null, "Proxy")]
    [InlineData("pass", null, "Pass")]
    [InlineData("DROP", null, "Drop")]
    [InlineData("Service", "postfix", "Service postfix")]
    public void An_action_is_one_of_four(string? action, string? service, string expected) =>
        Assert.Equal(expected, Parse(new RuleDescription("r", ["10.0.0.0/8"], Action: action, Service: service)).Target.ToString());

    [Fact]
    public void The_service_called_proxy_is_the_proxy() =>
        Assert.Equal(Target.Proxy, Parse(new RuleDescription("r", ["10.0.0.0/8"], Action: "Service", Service: "proxy")).Target);

    [Fact]
    public void Every_error_is_told_with_its_key()
    {
        var errors = new List<(string, string)>();
        var rule = new RuleDescription("r", ["10.0.0.0/8", "10.0.0.1/8", "x", "10.0.0.0/8"], "90-80", ["tcp", "sctp"], "Forward", "postfix").Parse(errors);
        Assert.Null(rule);
        Assert.Equal(
            [
                ("Protocols:1", "'sctp' is not a protocol; expected 'tcp' or 'udp'"),
                ("Prefixes:1", "'10.0.0.1/8' has bits set beyond its length; write '10.0.0.0/8', or '10.0.0.1/32' for the one address"),
                ("Prefixes:2", "'x' is not a prefix such as '198.51.100.0/24' or '2001:db8::/32'"),
                ("Prefixes:3", "'10.0.0.0/8' is listed twice"),
                ("Ports", "'90-80' is an empty range; write '80-90'"),
                ("Action", "'Forward' is not an action; expected 'Proxy', 'Service', 'Pass' or 'Drop'"),
            ],
            errors);
    }

    [Fact]
    public void A_rule_needs_a_prefix() =>
        Assert.Equal(("Prefixes", "is missing; a rule needs at least one prefix such as '198.51.100.0/24'"), ErrorOf(new RuleDescription("r", [])));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void The_action_Service_needs_the_name_of_one(string? service) =>
        Assert.Equal(
            ("Service", "is missing; the action 'Service' needs the name of a service"),
            ErrorOf(new RuleDescription("r", ["10.0.0.0/8"], Action: "Service", Service: service)));

    [Theory]
    [InlineData(null, "Proxy")]
    [InlineData("Drop", "Drop")]
    public void A_service_without_the_action_Service_is_an_error(string? action, string called) =>
        Assert.Equal(
            ("Service", $"'postfix' has no meaning with the action '{called}'; write \"Action\": \"Service\""),
            ErrorOf(new RuleDescription("r", ["10.0.0.0/8"], Action: action, Service: "postfix")));

    private static Rule Parse(RuleDescription description)
    {
        var errors = new List<(string, string)>();
        var rule = description.Parse(errors);
        Assert.Empty(errors);
        return rule!;
    }

    private static (string Key, string Message) ErrorOf(RuleDescription description)
    {
        var errors = new List<(string, string)>();
        Assert.Null(description.Parse(errors));
        return Assert.Single(errors);
    }
}
