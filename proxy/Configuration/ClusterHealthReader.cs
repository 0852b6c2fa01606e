using Everyport.Proxy.Clusters;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads <c>HealthCheck</c> of a stream cluster, and the threshold, which YARP has in <c>Metadata</c>.</summary>
internal static class ClusterHealthReader
{
    private const string Threshold = "ConsecutiveFailuresHealthPolicy.Threshold", OnlyPolicy = "ConsecutiveFailures";
    private const int MostFailures = 1000;

    public static ClusterHealthConfig Read(SectionReader cluster)
    {
        var defaults = new ClusterHealthConfig();
        var section = cluster.Section("HealthCheck");
        var health = new ClusterHealthConfig
        {
            Active = ReadActive(section.Section("Active"), defaults.Active),
            Passive = ReadPassive(section.Section("Passive"), defaults.Passive),
            AvailableDestinations = section.Value<AvailableDestinations>("AvailableDestinationsPolicy", default, EnumNames.TryParse),
            FailureThreshold = cluster.Section("Metadata").Number(Threshold, defaults.FailureThreshold, 1, MostFailures),
        };
        section.RejectUnknown();
        return health;
    }

    private static ActiveCheckConfig ReadActive(SectionReader section, ActiveCheckConfig defaults)
    {
        var active = new ActiveCheckConfig
        {
            Enabled = section.Flag("Enabled", defaults.Enabled),
            Interval = section.Duration("Interval", defaults.Interval),
            Timeout = section.Duration("Timeout", defaults.Timeout),
        };
        RejectOtherPolicies(section);
        section.RejectPresent("Path", "belongs to HTTP; tcp and udp destinations are checked by opening a TCP connection. Remove it");
        section.RejectPresent("Query", "belongs to HTTP; tcp and udp destinations are checked by opening a TCP connection. Remove it");
        section.RejectUnknown();
        return active;
    }

    private static PassiveCheckConfig ReadPassive(SectionReader section, PassiveCheckConfig defaults)
    {
        var passive = new PassiveCheckConfig
        {
            Enabled = section.Flag("Enabled", defaults.Enabled),
            ReactivationPeriod = section.Duration("ReactivationPeriod", defaults.ReactivationPeriod),
        };
        RejectOtherPolicies(section);
        section.RejectUnknown();
        return passive;
    }

    private static void RejectOtherPolicies(SectionReader section)
    {
        if (section.Text("Policy") is { } policy && !policy.Equals(OnlyPolicy, StringComparison.OrdinalIgnoreCase))
            section.Error("Policy", $"'{policy}' is not a policy for tcp and udp destinations; expected '{OnlyPolicy}', or leave it out");
    }
}
