using Everyport.Proxy.Admin.Page;
using Everyport.Proxy.Tests.Configuration;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Tests.Admin.Page;

public class PortMapTests
{
    private static readonly Address Steered = Parse("198.51.100.7");

    [Fact]
    public void Every_port_leads_where_rules_and_routes_say()
    {
        var map = Of("""
            { "Steering": { "Rules": {
                "edge": { "Prefixes": ["198.51.100.0/24"] },
                "ssh": { "Prefixes": ["198.51.100.0/24"], "Ports": "22", "Action": "Pass" },
                "dark": { "Prefixes": ["198.51.100.0/24"], "Ports": "60000-65535", "Action": "Drop" } } },
              "ReverseProxy": { "Clusters": { "pg": { "Destinations": { "a": { "Address": "tcp://192.0.2.1:5432" } } } } },
              "Streams": { "postgres": { "ClusterId": "pg", "Match": { "Ports": "5432" } } } }
            """);
        var there = map.Of(Protocols.Tcp, Steered);
        Assert.Equal(0, there.Runs[0][0]);
        Assert.Equal(ushort.MaxValue, there.Runs[^1][1]);
        Assert.All(there.Runs.Zip(there.Runs.Skip(1)), pair => Assert.Equal(pair.First[1] + 1, pair.Second[0]));
        Assert.Equal(
            ["normal lookup", "stream postgres", "no route", "dropped"],
            ((int[])[22, 5432, 80, 61_000]).Select(port => there.Targets[there.Runs.Single(run => run[0] <= port && port <= run[1])[2]].Name));
        Assert.Equal([[0, ushort.MaxValue, 0]], map.Of(Protocols.Tcp, Parse("192.0.2.7")).Runs);
    }

    [Fact]
    public void Of_very_many_targets_the_last_stand_together()
    {
        var streams = string.Join(',', Enumerable.Range(1, 300).Select(port => $$""" "s{{port}}": { "ClusterId": "c", "Match": { "Ports": "{{port}}" } } """));
        var there = Of($$"""
            { "Steering": { "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"] } } },
              "ReverseProxy": { "Clusters": { "c": { "Destinations": { "a": { "Address": "tcp://192.0.2.1:{port}" } } } } },
              "Streams": { {{streams}} } }
            """).Of(Protocols.Tcp, Steered);
        Assert.Equal(200, there.Targets.Count);
        Assert.Equal(200, there.Runs.Max(run => run[2]));
    }

    private static PortMap Of(string json)
    {
        var configuration = Configurations.Read(json);
        return new PortMap(() => configuration.Steering.Ruleset, () => configuration);
    }

    private static Address Parse(string text) => Address.TryParse(text, out var address) ? address : throw new FormatException(text);
}
