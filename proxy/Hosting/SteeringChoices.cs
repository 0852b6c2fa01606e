using Everyport.Proxy.Configuration;
using Everyport.Steering;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Hosting;

/// <summary>What steering is told beside the rules.</summary>
internal static class SteeringChoices
{
    public static SteeringOptions Of(SteeringSettings settings, IReadOnlyList<Rule> ownRules) => new()
    {
        LocalRoutes = settings.LocalRoutes,
        LeaveExistingListeners = settings.LeaveExistingListeners,
        LeaveEphemeralPorts = settings.LeaveEphemeralPorts,
        CountPorts = settings.PortCounters,
        CountRules = settings.RuleCounters,
        PinPath = settings.PinPath,
        OwnRules = ownRules,
    };

    /// <summary>The rules that keep the program's own endpoints from being steered.</summary>
    public static Rule[] OwnRules(ProxyConfiguration configuration) =>
        [.. configuration.OwnEndpoints.Select(endpoint => endpoint.ToRule(AssignedAddresses.All())).OfType<Rule>()];
}
