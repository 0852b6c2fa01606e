using Everyport.Proxy.Configuration;
using Everyport.Steering.Inspection;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Doctor;

/// <summary>Who listens where the rules steer, and where this program wants to listen itself.</summary>
internal static class ListenerChecks
{
    public static IEnumerable<Finding> Of(Machine machine, ProxyConfiguration configuration)
    {
        foreach (var own in configuration.OwnEndpoints)
        {
            if (machine.Network.Listeners.FirstOrDefault(listener => IsSame(listener, own)) is { } other)
                yield return new(FindingLevel.Problem, "ports", $"{own.Listen} ({own.Key}) is taken by {Owner(machine, other)}.", $"Stop that, or choose another address with --{own.Key}=ADDRESS:PORT. If it is this proxy, it runs already.");
        }
        foreach (var listener in machine.Network.Listeners.Where(listener => !configuration.OwnEndpoints.Any(own => IsSame(listener, own))))
        {
            if (Taken(machine, listener, configuration) is { } finding)
                yield return finding;
        }
        foreach (var finding in EphemeralPorts(machine, configuration.Steering))
            yield return finding;
    }

    private static Finding? Taken(Machine machine, FoundListener listener, ProxyConfiguration configuration)
    {
        var addresses = listener.Address is { } bound ? [bound] : machine.Network.Assigned.Where(address => address.IsIPv6 ? listener.IPv6 : listener.IPv4);
        foreach (var address in addresses)
        {
            if (configuration.Steering.Ruleset.Decide(listener.Protocol, address, listener.Port) is not { Target.Kind: TargetKind.Service } rule)
                continue;
            var where = $"{Owner(machine, listener)} listens on {listener.Protocol.ToString().ToUpperInvariant()} {address} port {listener.Port}";
            if (!IsForAllPorts(rule, listener.Port))
                return new(FindingLevel.Warning, "listeners", $"{where}, which the rule '{rule.Name}' names: it gets no new clients there any more.", "If that is not meant, take the port out of the rule, or add one with \"Action\": \"Pass\".");
            return configuration.Steering.LeaveExistingListeners
                ? new(FindingLevel.Note, "listeners", $"{where}, and keeps it, though the rule '{rule.Name}' is for all ports (Steering:LeaveExistingListeners).")
                : new(FindingLevel.Warning, "listeners", $"{where}, which the rule '{rule.Name}' takes: Steering:LeaveExistingListeners is off.", "Leave that on, or add a rule with \"Action\": \"Pass\".");
        }
        return null;
    }

    /// <summary>Answers to local clients that have not connected their sockets come to these ports.</summary>
    private static IEnumerable<Finding> EphemeralPorts(Machine machine, SteeringSettings steering)
    {
        var range = machine.Network.EphemeralPorts;
        foreach (var address in machine.Network.Assigned)
        {
            if (steering.Ruleset.Decide(Protocols.Udp, address, range.First) is not { Target.Kind: TargetKind.Service } rule || !IsForAllPorts(rule, range.First))
                continue;
            yield return steering.LeaveEphemeralPorts
                ? new(FindingLevel.Note, "ephemeral ports", $"UDP ports {range} of {address} are not steered, though the rule '{rule.Name}' is for all: answers to local clients, as of the DNS, come there (Steering:LeaveEphemeralPorts).", "Name the ports in a rule where they are wanted, or narrow net.ipv4.ip_local_port_range.")
                : new(FindingLevel.Warning, "ephemeral ports", $"The rule '{rule.Name}' takes UDP ports {range} of {address}, and with them answers to local clients, as of the DNS: Steering:LeaveEphemeralPorts is off.", "Leave that on, or narrow the rule.");
        }
    }

    private static bool IsForAllPorts(Rule rule, ushort port) => rule.Ports.Narrowest(port) is { First: <= 1, Last: ushort.MaxValue };

    private static bool IsSame(FoundListener listener, OwnEndpoint own) =>
        listener.Port == own.Listen.Port && (listener.Protocol & own.Protocols) != 0
        && (own.IsEverywhere || (listener.Address is { } address ? own.Answers(listener.Protocol, address, listener.Port) : own.Listen.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? listener.IPv6 : listener.IPv4));

    private static string Owner(Machine machine, FoundListener listener) => machine.Owners.TryGetValue(listener.Inode, out var name) ? $"'{name}'" : "another program";
}
