using Everyport.Steering;
using Everyport.Steering.Counters;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Admin.State;

/// <summary>Reads what steering does. What only changes with the rules is made once for them.</summary>
internal sealed class SteeringState(AttachedSteering steering)
{
    /// <summary>A full routing table would make an answer of many megabytes.</summary>
    public const int MostRules = 1000;

    private volatile Described _described = new(null);

    public SteeringStatus Read()
    {
        var rules = steering.Rules;
        var described = _described.Rules == rules ? _described : _described = new Described(rules);
        var (counters, sockets, lookups) = (steering.ReadServiceCounters(), steering.ReadServiceSockets(), steering.ReadNamespaceCounters());
        return new SteeringStatus(
            described.Ranges,
            rules.Ruleset.Rules.Length,
            described.RulesWith(steering.ReadRuleHits()),
            [.. from service in counters
                orderby service.Key.Service, service.Key.Protocol
                let count = service.Value
                select new ServiceStatus(service.Key.Service, NameOf(service.Key.Protocol), sockets.GetValueOrDefault(service.Key), count.Steered, count.Refused, count.Error)],
            new LookupStatus(lookups.Passed, lookups.Dropped, lookups.Denied),
            steering.Publications);
    }

    /// <summary>The 65,536 counters of ports.</summary>
    public ulong[] ReadPorts() => steering.ReadPortCounters();

    /// <summary>The same, into an array of theirs for who reads them again and again.</summary>
    public void ReadPorts(ulong[] counters) => steering.ReadPortCounters(counters);

    public Ruleset Ruleset => steering.Ruleset;

    public static string NameOf(Protocols protocols) => protocols switch
    {
        Protocols.Tcp => "tcp",
        Protocols.Udp => "udp",
        _ => "tcp,udp",
    };

    private sealed class Described(RulesInForce? rules)
    {
        private readonly (RuleName Name, RuleStatus Status)[] _rules = [.. (rules?.WithOwners() ?? []).Take(MostRules).Select(entry => (entry.Name, Of(entry.Rule, entry.Name)))];

        public RulesInForce? Rules => rules;

        public IReadOnlyList<string> Ranges { get; } =
            [.. (rules?.Ruleset.Rules ?? []).Where(rule => rule.Target == Target.Proxy).SelectMany(rule => rule.Prefixes).Distinct().Order().Take(MostRules).Select(prefix => prefix.ToString())];

        public IReadOnlyList<RuleStatus> RulesWith(IReadOnlyDictionary<RuleName, ulong>? hits) =>
            hits is null ? [.. _rules.Select(rule => rule.Status)] : [.. _rules.Select(rule => rule.Status with { Hits = hits.TryGetValue(rule.Name, out var count) ? count : null })];

        private static RuleStatus Of(Rule rule, RuleName name) => new(
            rule.Name,
            name.Owner.Length == 0 ? null : name.Owner,
            NameOf(rule.Protocols),
            [.. rule.Prefixes.Take(MostRules).Select(prefix => prefix.ToString())],
            rule.Ports.ToString(),
            rule.Target.ToString(),
            Hits: null);
    }
}
