using System.Collections.Frozen;
using Everyport.Proxy.Http.Policies;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>Policies</c>.</summary>
internal static class PoliciesReader
{
    private const int MostPermits = 1_000_000_000, MostQueued = 100_000;

    /// <summary>YARP takes these names for itself.</summary>
    private static readonly string[] Reserved = ["Default", "Disable"];

    public static HttpPolicies Read(SectionReader section)
    {
        var policies = new HttpPolicies
        {
            RateLimits = ReadEach(section, "RateLimits", ReadRateLimit),
            Cors = ReadEach(section, "Cors", CorsReader.Read),
            Timeouts = ReadEach(section, "Timeouts", ReadTimeout),
            Retries = ReadEach(section, "Retries", RetryReader.Read),
        };
        section.RejectUnknown();
        return policies;
    }

    private static FrozenDictionary<string, T> ReadEach<T>(SectionReader section, string key, Func<SectionReader, T> read)
    {
        var all = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in section.Entries(key))
        {
            if (Reserved.Contains(entry.Name, StringComparer.OrdinalIgnoreCase))
                section.Error($"{key}:{entry.Name}", "is a name with a meaning of its own; choose another one");
            all[entry.Name] = read(entry);
            entry.RejectUnknown();
        }
        return all.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static RateLimit ReadRateLimit(SectionReader section)
    {
        var defaults = new RateLimit();
        var algorithm = section.Value<RateLimitAlgorithm>("Algorithm", defaults.Algorithm, EnumNames.TryParse);
        section.Require("Permits", "how many requests are allowed in each Window, or with the algorithm 'Concurrency' at one time");
        if (algorithm == RateLimitAlgorithm.Concurrency)
            section.RejectPresent("Window", "has no meaning for the algorithm 'Concurrency', which counts requests at one time; remove it");
        return new RateLimit
        {
            Algorithm = algorithm,
            Permits = section.Number("Permits", defaults.Permits, 1, MostPermits),
            Window = section.Duration("Window", defaults.Window),
            Queue = section.Number("Queue", defaults.Queue, 0, MostQueued),
            Per = section.Value<RateLimitPer>("Per", defaults.Per, EnumNames.TryParse),
        };
    }

    private static TimeSpan ReadTimeout(SectionReader section)
    {
        section.Require("Timeout", "how long a request may take, such as '00:00:30'");
        return section.Duration("Timeout", TimeSpan.FromSeconds(30));
    }
}
