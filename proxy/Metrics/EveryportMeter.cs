using System.Diagnostics.Metrics;

namespace Everyport.Proxy.Metrics;

/// <summary>The meter that all instruments of the proxy belong to.</summary>
internal static class EveryportMeter
{
    public const string Name = "Everyport";

    /// <summary>One for the process: it lives as long as this does.</summary>
    public static Meter Shared { get; } = new(Name);
}
