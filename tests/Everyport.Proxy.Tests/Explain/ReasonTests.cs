using CsCheck;
using Everyport.Proxy.Explain;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Explain;

/// <summary>Reasons agree with the precedence that they explain.</summary>
public class ReasonTests
{
    private static readonly Gen<RouteEntry> Entry = Gen.Select(
        Gen.OneOf([0, 0, 0, 1]), Gen.OneOf(["*", "80", "1-100"]), Gen.OneOf([null, "10.0.0.0/8", "10.1.0.0/16"]), Gen.OneOf([null, "a.example.com", "*.example.com"]),
        Gen.Select(Gen.OneOf([null, "203.0.113.0/24"]), Gen.OneOf([null, "h2"]), Gen.Int[0, 1000]),
        (order, ports, address, sni, rest) => RouteEntry.Of(
            Tcp($"s{rest.Item3}", ports, address is null ? [] : [address], order).WithSni(sni is null ? [] : [sni]).WithAlpn(rest.Item2 is null ? [] : [rest.Item2]).WithSources(rest.Item1 is null ? [] : [rest.Item1])).First());

    [Fact]
    public void Only_where_the_precedence_finds_no_difference_no_reason_is_told() =>
        Gen.Select(Entry, Entry).Sample((a, b) =>
        {
            var (first, other) = RoutePrecedence.Instance.Compare(a, b) <= 0 ? (a, b) : (b, a);
            var isTie = RoutePrecedence.CompareSpecificity(first, other) == 0;
            Assert.Equal(isTie, PrecedenceReason.Of(first, other) == "only the names tell them apart");
        });

    [Fact]
    public void The_first_rule_that_matches_is_the_one_that_decides_and_each_goes_before_the_next()
    {
        var prefix = Gen.OneOf(["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32", "0.0.0.0/0"]).Select(text => Prefix.TryParse(text, out var parsed, out _) ? parsed : default);
        var ports = Gen.OneOf(["*", "80", "1-100", "80,90-99", "50-200"]).Select(text => PortRanges.TryParse(text, out var parsed, out _) ? parsed : PortRanges.All);
        var rule = Gen.Select(prefix, ports, Gen.OneOf([Protocols.Tcp, Protocols.Udp, Protocols.All]), Gen.OneOf([Target.Proxy, Target.Drop, Target.Pass]),
            (prefix, ports, protocols, target) => new Rule("r", protocols, [prefix], ports, target));
        Gen.Select(rule.Array[0, 8], Gen.OneOf([1, 60, 80, 95, 150, 65535])).Sample((rules, port) =>
        {
            if (!Ruleset.TryCreate(rules, out var ruleset, out _))
                return;
            Assert.True(Address.TryParse("10.1.2.3", out var address));
            foreach (var protocol in (Protocols[])[Protocols.Tcp, Protocols.Udp])
            {
                var matches = ruleset.Matches(protocol, address, (ushort)port).ToArray();
                Assert.Same(ruleset.Decide(protocol, address, (ushort)port), matches.FirstOrDefault().Rule);
                Assert.Equal(rules.Count(rule => (rule.Protocols & protocol) != 0 && rule.Prefixes[0].Contains(address) && rule.Ports.Narrowest((ushort)port) is not null), matches.Length);
                foreach (var (first, next) in matches.Zip(matches.Skip(1)))
                    Assert.True((first.Prefix.Length, -first.Ports.Count).CompareTo((next.Prefix.Length, -next.Ports.Count)) >= 0);
            }
        });
    }
}
