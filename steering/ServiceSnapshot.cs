using System.Collections.Immutable;
using Everyport.Steering.Counters;
using Everyport.Steering.Rules;

namespace Everyport.Steering;

/// <summary>One service of a pinned steering, for one protocol.</summary>
/// <param name="Name">The name by which rules lead to it.</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="IPv4Slots">The cookies of its sockets for IPv4 (SO_COOKIE), by slot; 0 where there is none. The first that the kernel takes gets the traffic.</param>
/// <param name="IPv6Slots">The same for IPv6. A dual-stack socket is in both.</param>
/// <param name="Counters">What happened to the lookups that rules gave to it.</param>
public sealed record ServiceSnapshot(string Name, Protocols Protocol, ImmutableArray<ulong> IPv4Slots, ImmutableArray<ulong> IPv6Slots, ServiceCounters Counters)
{
    /// <summary>The cookies of its sockets, each once.</summary>
    public IEnumerable<ulong> Sockets => IPv4Slots.Concat(IPv6Slots).Where(cookie => cookie != 0).Distinct();
}
