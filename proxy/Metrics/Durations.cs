namespace Everyport.Proxy.Metrics;

/// <summary>The boundaries of histograms, in seconds.</summary>
internal static class Durations
{
    /// <summary>From an answer out of memory to what people give up on.</summary>
    public static IReadOnlyList<double> OfRequests { get; } = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>From a look-up to a session of days.</summary>
    public static IReadOnlyList<double> OfStreams { get; } = [0.01, 0.1, 1, 10, 60, 300, 1800, 3600, 14_400, 86_400];
}
