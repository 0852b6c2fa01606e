using Everyport.Steering.Inspection;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli.Examining;

/// <summary>Whether what rules name arrives here, and whom they take it from.</summary>
internal static class ReachChecks
{
    public static IEnumerable<Finding> Of(Condition condition) =>
        condition.Steering is { } steering ? [.. NotLocal(condition, steering), .. Taken(condition, steering)] : [];

    private static IEnumerable<Finding> NotLocal(Condition condition, SteeringSnapshot steering)
    {
        // There may be a hundred thousand of both: each prefix is looked up in those of every length.
        var local = condition.Network.LocalPrefixes.ToHashSet();
        int[] lengths = [.. local.Select(prefix => prefix.Length).Distinct()];
        return
            from prefix in steering.RulesByOwner.Values.SelectMany(owner => owner.Rules).Where(rule => rule.Target.Kind == TargetKind.Service).SelectMany(rule => rule.Prefixes).Distinct().Order()
            where prefix.Length > 0 && !lengths.Any(length => length <= prefix.Length && local.Contains(new Prefix(prefix.Address, length)))
            select new Finding(FindingLevel.Warning, "local routes", $"{prefix} is not local in this namespace: what is sent there is routed away, and never looked up.", $"'ip route add local {prefix} dev lo'.");
    }

    /// <summary>A rule that names the port is meant, and takes it nevertheless.</summary>
    private static IEnumerable<Finding> Taken(Condition condition, SteeringSnapshot steering)
    {
        var registered = steering.Services.SelectMany(service => service.Sockets).ToHashSet();
        foreach (var listener in condition.Network.Listeners.Where(listener => !registered.Contains(listener.Cookie)))
        {
            var addresses = listener.Address is { } bound ? [bound] : condition.Network.Assigned.Where(address => address.IsIPv6 ? listener.IPv6 : listener.IPv4);
            foreach (var address in addresses)
            {
                if (steering.Effective.Decide(listener.Protocol, address, listener.Port) is not { Target.Kind: TargetKind.Service } rule)
                    continue;
                var who = condition.Owners.TryGetValue(listener.Inode, out var name) ? $"'{name}'" : "Another program";
                yield return new(FindingLevel.Warning, "listeners", $"{who} listens on {listener.Protocol.ToString().ToUpperInvariant()} {address} port {listener.Port}, which the rule '{rule.Name}' gives to the service '{rule.Target.Service}': it gets no new clients there.",
                    "If that is not meant, narrow the rule, or 'steerctl bind --pass' the port.");
                break;
            }
        }
    }
}
