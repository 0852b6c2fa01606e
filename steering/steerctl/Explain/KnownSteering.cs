using Everyport.Steering.Inspection;
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

    /// <summary>Whether its namespace receives what is sent to an address; null where that is not known.</summary>
    public Func<Address, bool?> IsLocal { get; init; } = _ => null;

    public static KnownSteering Of(SteeringSnapshot snapshot, string @namespace)
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
            IsLocal = address => IsLocalIn(@namespace, address),
            SocketsOf = (service, protocol, ipv6) =>
            [
                .. snapshot.Services.Where(one => one.Name == service && one.Protocol == protocol)
                    .SelectMany(one => ipv6 ? one.IPv6Slots : one.IPv4Slots)
                    .Where(cookie => cookie != 0)
            ],
        };
    }

    /// <summary>Who may not enter a namespace has to do without.</summary>
    private static bool? IsLocalIn(string @namespace, Address address)
    {
        try
        {
            return SteeringInspection.In(@namespace, () => SteeringInspection.IsLocal(address));
        }
        catch (SteeringException)
        {
            return null;
        }
    }
}
