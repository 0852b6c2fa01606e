using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Flows;

/// <summary>Counts flows by what the configuration names, never by address or port: clients could make up as many as they like.</summary>
internal static class FlowMetrics
{
    private static readonly Counter<long> Ended = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_flows_closed", unit: null, "UDP flows that have ended, by route, cluster, destination and reason.");

    private static readonly Counter<long> Datagrams = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_flows_datagrams", unit: null, "Datagrams of flows, by route and direction.");

    private static readonly Counter<long> Bytes = EveryportMeter.Shared.CreateCounter<long>(
        "everyport_flows_bytes", "By", "Bytes in datagrams of flows, by route and direction.");

    private static readonly Histogram<double> Duration = EveryportMeter.Shared.CreateHistogram(
        "everyport_flows_duration", "s", "How long UDP flows were open, by route.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Durations.OfStreams });

    private static readonly string[] Reasons = Enum.GetNames<FlowCloseReason>();

    public static void Closed(StreamRoute route, string destination, FlowCloseReason reason, TimeSpan duration)
    {
        Ended.Add(1, Route(route), new("cluster", route.ClusterId), new("destination", destination), new("reason", Reasons[(int)reason]));
        Duration.Record(duration.TotalSeconds, Route(route));
    }

    public static void Moved(StreamRoute route, FlowCount toDestination, FlowCount toClient)
    {
        Add(route, "to destination", toDestination);
        Add(route, "to client", toClient);
    }

    private static void Add(StreamRoute route, string direction, FlowCount count)
    {
        if (count.Datagrams == 0)
            return;
        Datagrams.Add(count.Datagrams, Route(route), new("direction", direction));
        Bytes.Add(count.Bytes, Route(route), new("direction", direction));
    }

    private static KeyValuePair<string, object?> Route(StreamRoute route) => new("route", route.Name);
}
