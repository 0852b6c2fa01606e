using System.Diagnostics;
using Everyport.Proxy.Logs;

namespace Everyport.Proxy.Tracing;

/// <summary>The spans of streams and flows. They are made when those have ended: nothing inside could belong to them.</summary>
internal static class StreamSpans
{
    private const string BytesIn = "everyport.bytes_in", BytesOut = "everyport.bytes_out";

    /// <returns>The trace that it is alone in; none where it is not sent.</returns>
    public static TraceId Add(in StreamRecord record, DateTimeOffset ended)
    {
        using var span = Begin("stream", record.Route, ended - record.Duration);
        if (span is not { IsAllDataRequested: true })
            return default;
        Describe(span, "tcp", record.Steered, record.Route, record.Cluster, record.Destination);
        span.SetTag("tls.client.server_name", record.ServerName).SetTag(BytesIn, record.BytesIn).SetTag(BytesOut, record.BytesOut);
        return End(span, record.Reason.ToString(), record.IsError, ended);
    }

    /// <inheritdoc cref="Add(in StreamRecord, DateTimeOffset)"/>
    public static TraceId Add(in FlowRecord record, DateTimeOffset ended)
    {
        using var span = Begin("flow", record.Route, ended - record.Duration);
        if (span is not { IsAllDataRequested: true })
            return default;
        Describe(span, "udp", record.Steered, record.Route, record.Cluster, record.Destination);
        span.SetTag("tls.client.server_name", record.ServerName).SetTag(BytesIn, record.In.Bytes).SetTag(BytesOut, record.Out.Bytes)
            .SetTag("everyport.datagrams_in", record.In.Datagrams).SetTag("everyport.datagrams_out", record.Out.Datagrams);
        return End(span, record.Reason.ToString(), record.IsError, ended);
    }

    private static Activity? Begin(string kind, string route, DateTimeOffset began)
    {
        // Whatever runs on this thread has nothing to do with it.
        Activity.Current = null;
        return Spans.Source.StartActivity($"{kind} {route}", ActivityKind.Server, parentContext: default, startTime: began);
    }

    private static void Describe(Activity span, string transport, Routing.Steered steered, string route, string cluster, string? destination) => span
        .SetTag("network.transport", transport)
        .SetTag(Spans.ClientAddress, steered.Client.Address.ToString())
        .SetTag(Spans.ClientPort, (int)steered.Client.Port)
        .SetTag(Spans.Original, steered.Original.ToString())
        .SetTag(Spans.Route, route)
        .SetTag(Spans.Cluster, cluster)
        .SetTag(Spans.Destination, destination);

    private static TraceId End(Activity span, string reason, bool isError, DateTimeOffset ended)
    {
        span.SetTag("everyport.reason", reason);
        if (isError)
            span.SetTag(Spans.ErrorType, reason).SetStatus(ActivityStatusCode.Error);
        span.SetEndTime(ended.UtcDateTime);
        return TraceId.Of(span);
    }
}
