using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Streams;

/// <summary>Counts streams by what the configuration names, never by address or port: clients could make up as many as they like.</summary>
internal static class StreamMetrics
{
    private static readonly Counter<long> Ended = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_streams_closed", unit: null, "Streams that have ended, by route, cluster, destination and reason.");

    private static readonly Counter<long> Bytes = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_streams_bytes", "By", "Bytes of streams that have ended, by route and direction.");

    private static readonly Histogram<double> Duration = EveryportMeter.Shared.CreateHistogram(
        "everyport_streams_duration", "s", "How long streams were open, by route.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Durations.OfStreams });

    private static readonly string[] Reasons = Enum.GetNames<CloseReason>();

    /// <summary>A stream has not come about; <paramref name="destination"/> is the one that was tried last.</summary>
    public static void Failed(StreamRoute route, string? destination, CloseReason reason) =>
        Ended.Add(1, Route(route), new("cluster", route.ClusterId), new("destination", destination), new("reason", Reasons[(int)reason]));

    /// <summary>The end of a stream.</summary>
    public static void Closed(StreamRoute route, string destination, CloseReason reason, long toDestination, long toClient, long milliseconds)
    {
        Failed(route, destination, reason);
        Duration.Record(milliseconds / 1000.0, Route(route));
        Bytes.Add(toDestination, Route(route), new("direction", "to destination"));
        Bytes.Add(toClient, Route(route), new("direction", "to client"));
    }

    private static KeyValuePair<string, object?> Route(StreamRoute route) => new("route", route.Name);
}
