using System.Globalization;
using Everyport.Steering.Inspection;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli.Examining;

/// <summary>Whether services have sockets for what rules give to them.</summary>
internal static class ServiceChecks
{
    public static IEnumerable<Finding> Of(Condition condition)
    {
        if (condition.Steering is not { } steering)
            yield break;
        var rules = steering.RulesByOwner.Values.SelectMany(owner => owner.Rules).Where(rule => rule.Target.Kind == TargetKind.Service).ToArray();
        foreach (var service in rules.GroupBy(rule => rule.Target.Service!, StringComparer.Ordinal).OrderBy(service => service.Key, StringComparer.Ordinal))
        {
            string[] missing = [.. Wanted(service).Where(wanted => Slots(steering, service.Key, wanted) is []).Select(Say)];
            if (missing.Length > 0)
                yield return new(FindingLevel.Warning, "services", $"The service '{service.Key}' has no socket for {string.Join(", ", missing)}: what rules give to it is refused.", "'steerctl register' gives it one, 'steerctl watch' keeps it registered.");
        }
        foreach (var service in steering.Services.Where(service => service.Sockets.Any() && !rules.Any(rule => rule.Target.Service == service.Name && (rule.Protocols & service.Protocol) != 0)))
            yield return new(FindingLevel.Note, "services", $"The service '{service.Name}' has sockets for {service.Protocol.ToString().ToUpperInvariant()}, and no rule leads there.", "'steerctl bind' makes one.");
        foreach (var service in steering.Services.Where(service => service.Counters.Error > 0))
        {
            yield return new(FindingLevel.Warning, "services", string.Create(CultureInfo.InvariantCulture, $"{service.Counters.Error} lookups ({service.Protocol.ToString().ToUpperInvariant()}) for the service '{service.Name}' were refused, as the kernel took none of its sockets: one that no longer listens, or is for IPv6 only, is registered."),
                "Register the sockets anew.");
        }
    }

    private static IEnumerable<(Protocols Protocol, bool IPv6)> Wanted(IEnumerable<Rule> rules) =>
        rules.SelectMany(rule => rule.Prefixes, (rule, prefix) => (rule.Protocols, prefix.Address.IsIPv6))
            .SelectMany(pair => ((Protocols[])[Protocols.Tcp, Protocols.Udp]).Where(protocol => (pair.Protocols & protocol) != 0).Select(protocol => (protocol, pair.IsIPv6)))
            .Distinct()
            .Order();

    private static ulong[] Slots(SteeringSnapshot steering, string service, (Protocols Protocol, bool IPv6) wanted) =>
        [.. steering.Services.Where(one => one.Name == service && one.Protocol == wanted.Protocol).SelectMany(one => wanted.IPv6 ? one.IPv6Slots : one.IPv4Slots).Where(cookie => cookie != 0)];

    private static string Say((Protocols Protocol, bool IPv6) what) => $"{what.Protocol.ToString().ToUpperInvariant()} over {(what.IPv6 ? "IPv6" : "IPv4")}";
}
