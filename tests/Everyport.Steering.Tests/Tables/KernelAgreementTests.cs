using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using CsCheck;
using Everyport.Steering.Counters;
using Everyport.Steering.Rules;
using Everyport.Steering.Sockets;
using Everyport.Steering.Tables;

namespace Everyport.Steering.Tests.Tables;

/// <summary>
/// Three readings of the same rules agree: the obvious matcher, the table walked in C#, and the BPF program run by
/// the kernel. A disagreement is shrunk to the smallest ruleset that shows it.
/// </summary>
public sealed class KernelAgreementTests : IDisposable
{
    private const int RulesetsPerRun = 250, LookupsPerRuleset = 250; // and as many again near the edges of the rules

    private readonly NetworkNamespace _namespace = new();
    private readonly SharedMaps _maps = SharedMaps.Create();
    private readonly Dictionary<string, int> _services = [];
    private readonly Dictionary<(string Service, Protocols Protocol), (Socket Socket, ulong Cookie)> _sockets = [];

    public KernelAgreementTests() => _namespace.Run(() =>
    {
        var slots = new SocketSlots(_maps.Sockets);
        foreach (var name in (string[])[Target.ProxyService, .. Enumerable.Range(0, 6).Select(i => $"service-{i}")])
        {
            _services.Add(name, _services.Count);
            // One service has no socket at all: what is given to it is refused.
            if (name == "service-5")
                continue;
            foreach (var protocol in (Protocols[])[Protocols.Tcp, Protocols.Udp])
            {
                var socket = Listen(protocol);
                slots.Register(_services[name], name, socket.SafeHandle);
                _sockets.Add((name, protocol), (socket, Listener.Inspect(socket.SafeHandle).Cookie));
            }
        }
    });

    [KernelFact]
    public void The_kernel_decides_as_the_table_and_the_rules_do()
    {
        var lookups = 0;
        var denied = Gen.Select(RandomRulesets.Prefixes.Array[0, 4], Gen.Bool, (prefixes, any) => any ? prefixes : []);
        Gen.Select(RandomRulesets.Rulesets, RandomRulesets.Lookups(LookupsPerRuleset), denied).Sample(
            (rules, destinations, denySources) =>
            {
                Assert.True(Ruleset.TryCreate(rules, denySources, out var ruleset, out _));
                var owned = ImmutableDictionary<string, Ruleset>.Empty.Add(Target.ProxyService, ruleset);
                var counted = rules.Length % 2 == 0 ? CountedRules.TryNumber(new RulesInForce(ruleset, owned, []), null) : null;
                counted?.ClearFresh(_maps.Rules!);
                var table = TableCompiler.Compile(ruleset, name => _services[name], counted);
                using var generation = Generation.Load(table, _maps, countPorts: false, counted is not null);
                var hits = new Dictionary<int, ulong>();
                var source = 0;
                foreach (var lookup in RandomRulesets.Near(rules, destinations))
                {
                    // Clients come from the addresses of other lookups of the same family, so that some are denied.
                    var client = NextClient(destinations, lookup.Address.IsIPv6, ref source);
                    var expected = denySources.Any(prefix => prefix.Contains(client)) ? Target.Drop : ReferenceMatcher.Decide(rules, lookup);
                    var udp = lookup.Protocol == Protocols.Udp;

                    var walked = table.Denies(client) ? Target.Drop : Verdicts.ToTarget(table.Decide(udp, lookup.Address, lookup.Port), _services);
                    Assert.Equal(expected, walked);

                    var run = ProgramRun.Run(generation.ProgramFd, udp, lookup.Address, lookup.Port, client);
                    Assert.Equal(Outcome(expected, lookup.Protocol), (run.Passed, run.Cookie));
                    lookups++;
                    if (counted is not null && !table.Denies(client) && expected is not null)
                    {
                        var number = (int)table.RuleOf(udp, lookup.Address, lookup.Port);
                        Assert.Contains(number, Deciding(ruleset, lookup).Select(counted.NumberOf));
                        hits[number] = hits.GetValueOrDefault(number) + 1;
                    }
                }
                if (counted is not null)
                    Assert.Equal(hits.OrderBy(hit => hit.Key), ReadHits(counted).Where(hit => hit.Value > 0).OrderBy(hit => hit.Key));
            },
            iter: RulesetsPerRun,
            threads: 1);
        Assert.True(lookups >= 100_000, $"only {lookups} lookups");
    }

    public void Dispose()
    {
        foreach (var (socket, _) in _sockets.Values)
            socket.Dispose();
        _maps.Dispose();
        _namespace.Dispose();
    }

    /// <summary>The rule that decides, and those with the same precedence, which lead to the same target.</summary>
    private static IEnumerable<Rule> Deciding(Ruleset ruleset, Lookup lookup)
    {
        var matches = ruleset.Matches(lookup.Protocol, lookup.Address, lookup.Port).ToArray();
        return matches.TakeWhile(match => (match.Prefix, match.Ports.Count) == (matches[0].Prefix, matches[0].Ports.Count)).Select(match => match.Rule);
    }

    private Dictionary<int, ulong> ReadHits(CountedRules counted) =>
        CountedRules.ReadHits(counted.Numbers, _maps.Rules)!.ToDictionary(hit => counted.Numbers[hit.Key], hit => hit.Value);

    /// <summary>What a target means for the program: its return value, and the cookie of the socket that it selects.</summary>
    private (bool Passed, ulong Cookie) Outcome(Target? target, Protocols protocol) => target switch
    {
        null or { Kind: TargetKind.Pass } => (true, 0),
        { Kind: TargetKind.Drop } => (false, 0),
        { Service: var service } => _sockets.TryGetValue((service!, protocol), out var socket) ? (true, socket.Cookie) : (false, 0),
    };

    private static Address NextClient(Lookup[] lookups, bool ipv6, ref int next)
    {
        for (var i = 0; i < lookups.Length; i++)
        {
            var address = lookups[next++ % lookups.Length].Address;
            if (address.IsIPv6 == ipv6)
                return address;
        }
        return ipv6 ? new Address(true, 1) : Address.FromIPv4(0x7F000001);
    }

    private static Socket Listen(Protocols protocol)
    {
        var socket = protocol == Protocols.Tcp
            ? new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.DualMode = true;
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        if (protocol == Protocols.Tcp)
            socket.Listen();
        return socket;
    }
}
