namespace Everyport.Steering.Rules;

/// <summary>Protocols x prefixes x ports -> target. Any of the prefixes and any of the port ranges may match.</summary>
/// <param name="Name">The key of the rule in configuration; appears in every message about it.</param>
/// <param name="Protocols">The protocols that the rule is for.</param>
/// <param name="Prefixes">The destination addresses; at least one.</param>
/// <param name="Ports">The destination ports.</param>
/// <param name="Target">What happens to a lookup that the rule decides.</param>
public sealed record Rule(string Name, Protocols Protocols, IReadOnlyList<Prefix> Prefixes, PortRanges Ports, Target Target);
