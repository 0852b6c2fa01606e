using Everyport.Steering.Rules;
using Everyport.Steering.Tables;

namespace Everyport.Steering;

/// <summary>How steering is attached.</summary>
public sealed record SteeringOptions
{
    /// <summary>The file of the network namespace. The default is that of the calling thread.</summary>
    public string NetworkNamespace { get; init; } = "/proc/thread-self/ns/net";

    /// <summary>
    /// Whether steered prefixes that are not local get a route <c>local PREFIX dev lo</c>, removed again with the
    /// steering.
    /// </summary>
    public bool LocalRoutes { get; init; } = true;

    /// <summary>
    /// Whether a rule for all ports leaves ports on which another program listens to that program. Looked up at
    /// every publication.
    /// </summary>
    public bool LeaveExistingListeners { get; init; } = true;

    /// <summary>
    /// Whether a rule for all UDP ports leaves the ephemeral range of addresses that are assigned to an interface
    /// to the normal lookup, so that local clients get their answers.
    /// </summary>
    public bool LeaveEphemeralPorts { get; init; } = true;

    /// <summary>Whether lookups are counted by port.</summary>
    public bool CountPorts { get; init; } = true;

    /// <summary>Whether lookups are counted by the rule that decides them, as long as there are no more than <see cref="MostCountedRules"/>.</summary>
    public bool CountRules { get; init; } = true;

    /// <summary>Of more rules of all owners none is counted: the table would have more pages of ports. Those of guard rails are counted where they fit in as well.</summary>
    public const int MostCountedRules = TableLayout.MaxCountedRules;

    /// <summary>
    /// The directory on a BPF file system in which the steering is kept, so that it outlives the process and another one can
    /// take it over; one for each namespace. Null: nothing is pinned.
    /// </summary>
    public string? PinPath { get; init; }

    /// <summary>
    /// The group, by its name or number, whose members may read the pinned steering without any capability. Null: as it is. Others than
    /// the owner of the directory and root have no access before.
    /// </summary>
    public string? PinGroup { get; init; }

    /// <summary>Whether members of <see cref="PinGroup"/> may register sockets for services as well. From Linux 5.19 on, that takes no capability either.</summary>
    public bool PinGroupWrites { get; init; }

    /// <summary>Whose rules these are, where several programs share a pinned steering: each changes its own.</summary>
    public string Owner { get; init; } = Target.ProxyService;

    /// <summary>How long to wait for others that change the same pinned steering.</summary>
    public TimeSpan PinLockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The version of the layout of the maps; tests pretend to be another program.</summary>
    internal int Layout { get; init; } = TableLayout.Version;

    /// <summary>Rules of the program itself, as for its admin endpoint: published with every ruleset.</summary>
    public IReadOnlyList<Rule> OwnRules { get; init; } = [];
}
