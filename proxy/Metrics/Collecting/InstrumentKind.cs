using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>What kind of metric an instrument of .NET makes.</summary>
internal static class InstrumentKind
{
    /// <summary>Seconds, for whoever gives no boundaries: those that OpenTelemetry recommends for requests.</summary>
    private static readonly double[] DefaultBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    public static MetricType TypeOf(Instrument instrument) =>
        Is(instrument, typeof(Counter<>)) || Is(instrument, typeof(ObservableCounter<>)) ? MetricType.Counter
        : Is(instrument, typeof(Histogram<>)) ? MetricType.Histogram
        : MetricType.Gauge;

    /// <summary>Whether a measurement is the whole value, and not what has come to it.</summary>
    public static bool TellsWhole(Instrument instrument) => instrument.IsObservable || Is(instrument, typeof(Gauge<>));

    public static IEnumerable<double> BoundariesOf(Instrument instrument) =>
        (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? DefaultBoundaries;

    private static bool Is(Instrument instrument, Type kind) => instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == kind;
}
