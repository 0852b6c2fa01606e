using System.Collections.Frozen;
using Everyport.Proxy.Http.Policies;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads <c>CircuitBreaker</c> of HTTP clusters; without that section, a cluster has none.</summary>
internal static class CircuitReader
{
    private const int Most = 1_000_000;

    public static FrozenDictionary<string, CircuitRules> Read(IEnumerable<SectionReader> clusters) => clusters
        .Where(cluster => cluster.Has("CircuitBreaker"))
        .ToFrozenDictionary(cluster => cluster.Name, cluster => Read(cluster.Section("CircuitBreaker")), StringComparer.OrdinalIgnoreCase);

    private static CircuitRules Read(SectionReader section)
    {
        var defaults = new CircuitRules();
        if (section.Has("Failures"))
        {
            foreach (var other in (ReadOnlySpan<string>)["FailureRatio", "MinimumRequests"])
                section.RejectPresent(other, "is there beside 'Failures', which alone decides then; remove one of them");
        }
        var rules = new CircuitRules
        {
            Failures = section.Has("Failures") ? section.Number("Failures", 1, 1, Most) : null,
            FailureRatio = section.Value<double>("FailureRatio", defaults.FailureRatio, ShareParser.TryParse),
            MinimumRequests = section.Number("MinimumRequests", defaults.MinimumRequests, 1, Most),
            Window = section.Duration("Window", defaults.Window),
            Break = section.Duration("Break", defaults.Break),
        };
        section.RejectUnknown();
        return rules;
    }
}
