using Microsoft.Extensions.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.SessionAffinity;

namespace Everyport.Proxy.Configuration;

/// <summary>The policies that YARP brings along, by the key of a cluster that names one. YARP itself would not say which there are.</summary>
internal static class YarpPolicies
{
    private static readonly Dictionary<(Type Section, string Key), string[]> Known = new()
    {
        [(typeof(ClusterConfig), nameof(ClusterConfig.LoadBalancingPolicy))] =
        [
            LoadBalancingPolicies.PowerOfTwoChoices, LoadBalancingPolicies.RoundRobin, LoadBalancingPolicies.LeastRequests,
            LoadBalancingPolicies.Random, LoadBalancingPolicies.FirstAlphabetical,
        ],
        [(typeof(SessionAffinityConfig), nameof(SessionAffinityConfig.Policy))] =
        [
            SessionAffinityConstants.Policies.HashCookie, SessionAffinityConstants.Policies.ArrCookie,
            SessionAffinityConstants.Policies.Cookie, SessionAffinityConstants.Policies.CustomHeader,
        ],
        [(typeof(SessionAffinityConfig), nameof(SessionAffinityConfig.FailurePolicy))] =
            [SessionAffinityConstants.FailurePolicies.Redistribute, SessionAffinityConstants.FailurePolicies.Return503Error],
        [(typeof(ActiveHealthCheckConfig), nameof(ActiveHealthCheckConfig.Policy))] = [HealthCheckConstants.ActivePolicy.ConsecutiveFailures],
        [(typeof(PassiveHealthCheckConfig), nameof(PassiveHealthCheckConfig.Policy))] = [HealthCheckConstants.PassivePolicy.TransportFailureRate],
        [(typeof(HealthCheckConfig), nameof(HealthCheckConfig.AvailableDestinationsPolicy))] =
            [HealthCheckConstants.AvailableDestinations.HealthyAndUnknown, HealthCheckConstants.AvailableDestinations.HealthyOrPanic],
    };

    /// <summary>The policies that the key of a section of this type may name; null where it names none.</summary>
    public static string[]? Of(Type section, string key) =>
        Known.FirstOrDefault(entry => entry.Key.Section == section && entry.Key.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Adds an error where the key of a section of this type names a policy that there is not.</summary>
    public static void Check(IConfigurationSection value, Type section, ConfigurationErrors errors)
    {
        if (Of(section, value.Key) is { } known && value.Value is { Length: > 0 } name && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
            errors.Add(value.Path, $"'{name}' is not a policy that there is; {NearestKey.Suggestion(name, known)}");
    }
}
