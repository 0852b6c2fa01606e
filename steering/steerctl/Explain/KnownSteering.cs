using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli.Explain;

/// <summary>What an explanation is made from.</summary>
/// <param name="Ruleset">All rules, those of guard rails among them.</param>
internal sealed record KnownSteering(Ruleset Ruleset)
{
    /// <summary>Who has published a rule; null where that is not known.</summary>
    public Func<Rule, string?> OwnerOf { get; init; } = _ => null;

    /// <summary>The cookies of the sockets of a service for a protocol and family; null where nothing is known of sockets.</summary>
    public Func<string, Protocols, bool, IReadOnlyList<ulong>>? SocketsOf { get; init; }

    public static KnownSteering Of(SteeringSnapshot snapshot)
    {
        // The same rule, and not one that says the same.
        var owners = new Dictionary<Rule, string>(ReferenceEqualityComparer.Instance);
        foreach (var (owner, rules) in snapshot.RulesByOwner)
        {
            foreach (var rule in rules.Rules)
                owners[rule] = owner;
        }
        return new KnownSteering(snapshot.Effective)
        {
            OwnerOf = rule => owners.GetValueOrDefault(rule),
            SocketsOf = (service, protocol, ipv6) =>
            [
                .. snapshot.Services.Where(one => one.Name == service && one.Protocol == protocol)
                    .SelectMany(one => ipv6 ? one.IPv6Slots : one.IPv4Slots)
                    .Where(cookie => cookie != 0)
            ],
        };
    }
}
