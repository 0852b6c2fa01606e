using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Streams;

/// <summary>Counts streams by what the configuration names, never by address or port: clients could make up as many as they like.</summary>
internal static class StreamMetrics
{
    private static readonly UpDownCounter<long> Active = EveryportMeter.Shared.CreateUpDownCounter<long>(
        "everyport_streams_active", unit: null, "Streams that are open, by route.");

    private static readonly Counter<long> Ended = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_streams_closed", unit: null, "Streams that have ended, by route, cluster, destination and reason.");

    private static readonly Counter<long> Bytes = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_streams_bytes", "By", "Bytes of streams that have ended, by route and direction.");

    public static void Opened(StreamRoute route) => Active.Add(1, Route(route));

    /// <summary>The end of a stream; <paramref name="wasOpen"/> tells that it had a destination.</summary>
    public static void Closed(StreamRoute route, string? destination, CloseReason reason, bool wasOpen, long toDestination, long toClient)
    {
        Ended.Add(1, Route(route), new("cluster", route.ClusterId), new("destination", destination), new("reason", reason.ToString()));
        if (!wasOpen)
            return;
        Active.Add(-1, Route(route));
        Bytes.Add(toDestination, Route(route), new("direction", "to destination"));
        Bytes.Add(toClient, Route(route), new("direction", "to client"));
    }

    private static KeyValuePair<string, object?> Route(StreamRoute route) => new("route", route.Name);
}
