namespace Everyport.Proxy.Admin.State;

/// <summary>What is steered where, and what became of it since the start.</summary>
/// <param name="Ranges">The prefixes of which at least some ports are steered to the proxy.</param>
/// <param name="RuleCount">All rules, with those that the guard rails have added.</param>
/// <param name="Rules">The first of them, <see cref="SteeringState.MostRules"/> at most.</param>
/// <param name="Services">By name and protocol.</param>
/// <param name="Lookups">Those that no service got.</param>
/// <param name="Publications">How often rules were put in force.</param>
internal sealed record SteeringStatus(
    IReadOnlyList<string> Ranges,
    int RuleCount,
    IReadOnlyList<RuleStatus> Rules,
    IReadOnlyList<ServiceStatus> Services,
    LookupStatus Lookups,
    long Publications);

/// <summary>A rule as it would be written, and what it has decided.</summary>
/// <param name="Name">Its key in the configuration.</param>
/// <param name="Owner">Who has published it; null for a rule of a guard rail.</param>
/// <param name="Protocols">tcp, udp.</param>
/// <param name="Prefixes">The addresses that it is for.</param>
/// <param name="Ports">The ports that it is for.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="Hits">How many lookups it has decided; null where rules are not counted (<c>Steering:RuleCounters</c>, or too many).</param>
internal sealed record RuleStatus(string Name, string? Owner, string Protocols, IReadOnlyList<string> Prefixes, string Ports, string Target, ulong? Hits);

/// <summary>A service: its sockets, and the lookups that rules gave to it.</summary>
internal sealed record ServiceStatus(string Name, string Protocol, int Sockets, ulong Steered, ulong Refused, ulong Errors);

/// <summary>Lookups that no service got: left to the normal lookup, refused by a rule, or by the client's address.</summary>
internal sealed record LookupStatus(ulong Passed, ulong Dropped, ulong Denied);
