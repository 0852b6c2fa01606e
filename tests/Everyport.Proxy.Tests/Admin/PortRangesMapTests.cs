using CsCheck;
using Everyport.Proxy.Admin.Ports;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Admin;

/// <summary>What <c>/api/ports</c> tells of where ports lead.</summary>
public class PortRangesMapTests
{
    [Fact]
    public void Ports_that_the_same_rules_and_routes_name_are_one_range()
    {
        var ranges = Map(
            """
            { "Steering": { "Rules": {
                "edge": { "Prefixes": ["198.51.100.0/24"] },
                "ssh": { "Prefixes": ["198.51.100.0/24"], "Ports": "22", "Protocols": ["tcp"], "Action": "Pass" } } },
              "ReverseProxy": {
                "Routes": { "web": { "ClusterId": "web", "Match": { "Path": "{**rest}", "Ports": "80,8000-8999" } } },
                "Clusters": { "web": { "Destinations": { "a": { "Address": "http://192.0.2.1/" } } }, "dns": { "Destinations": { "a": { "Address": "udp://192.0.2.1:53" } } } } },
              "Streams": { "dns": { "ClusterId": "dns", "Match": { "Protocol": "udp", "Ports": "53" } } } }
            """);
        Assert.Equal(
            ["0-21 edge()", "22-22 ssh,edge()", "23-52 edge()", "53-53 edge(udp dns)", "54-79 edge()", "80-80 edge(http web)", "81-7999 edge()", "8000-8999 edge(http web)", "9000-65535 edge()"],
            ranges.Select(range => $"{range.First}-{range.Last} {string.Join(',', range.Rules.Select(rule => rule.Name))}({string.Join(',', range.Routes.Select(route => $"{route.Kind} {route.Name}"))})"));
        Assert.Equal(new PortRule("ssh", "tcp", "Pass"), ranges[1].Rules[0]);
        Assert.Equal(new PortRoute("dns", "udp", "dns"), ranges[3].Routes[0]);
    }

    [Fact]
    public void Without_rules_all_ports_are_one_range() =>
        Assert.Equal([(0, 65_535, 0)], Map("{}").Select(range => (range.First, range.Last, range.Rules.Count)));

    [Fact]
    public void Of_very_many_rules_only_the_narrowest_are_named() =>
        Assert.Equal((PortRangesMap.MostNames, 92), Map(Rules([.. Enumerable.Range(1, 100).Select(first => $"{first}-65535")])) is [.., var last] ? (last.Rules.Count, last.MoreRules) : default);

    [Fact]
    public void Every_port_is_in_one_range_with_the_rules_that_name_it() =>
        Gen.Select(Gen.Int[1, 65_535], Gen.Int[1, 65_535]).Select(pair => (First: Math.Min(pair.Item1, pair.Item2), Last: Math.Max(pair.Item1, pair.Item2)))
            .Array[0, 6].Sample(named =>
            {
                var next = 0;
                foreach (var range in Map(Rules([.. named.Select(ports => $"{ports.First}-{ports.Last}")])))
                {
                    Assert.Equal(next, range.First);
                    foreach (var port in (int[])[range.First, range.Last])
                    {
                        Assert.Equal(
                            Enumerable.Range(0, named.Length).Where(i => named[i].First <= port && port <= named[i].Last).Select(i => $"r{i}").Order(StringComparer.Ordinal),
                            range.Rules.Select(rule => rule.Name).Order(StringComparer.Ordinal));
                    }
                    next = range.Last + 1;
                }
                Assert.Equal(65_536, next);
            });

    private static IReadOnlyList<PortRangeStatus> Map(string json)
    {
        var configuration = Read(json);
        return PortRangesMap.Of(configuration.Steering.Ruleset, configuration);
    }

    /// <summary>Each for an address of its own, as they would contradict each other otherwise.</summary>
    private static string Rules(string[] ports) =>
        $$"""{ "Steering": { "Rules": { {{string.Join(',', ports.Select((range, number) => $$""" "r{{number}}": { "Prefixes": ["198.51.100.{{number}}/32"], "Ports": "{{range}}" } """))}} } } }""";
}
