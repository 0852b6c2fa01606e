using System.Diagnostics;
using Everyport.Proxy.Logs;

namespace Everyport.Proxy.Tracing;

/// <summary>The span of a stream. It is made when the stream has ended: nothing inside could belong to it.</summary>
internal static class StreamSpans
{
    /// <returns>The trace that it is alone in; none where it is not sent.</returns>
    public static TraceId Add(in StreamRecord record, DateTimeOffset ended)
    {
        // Whatever runs on this thread has nothing to do with it.
        Activity.Current = null;
        using var span = Spans.Source.StartActivity($"stream {record.Route}", ActivityKind.Server, parentContext: default, startTime: ended - record.Duration);
        if (span is not { IsAllDataRequested: true })
            return default;
        span.SetTag("network.transport", "tcp")
            .SetTag(Spans.ClientAddress, record.Steered.Client.Address.ToString())
            .SetTag(Spans.ClientPort, (int)record.Steered.Client.Port)
            .SetTag(Spans.Original, record.Steered.Original.ToString())
            .SetTag(Spans.Route, record.Route)
            .SetTag(Spans.Cluster, record.Cluster)
            .SetTag(Spans.Destination, record.Destination)
            .SetTag("tls.client.server_name", record.ServerName)
            .SetTag("everyport.bytes_in", record.BytesIn)
            .SetTag("everyport.bytes_out", record.BytesOut)
            .SetTag("everyport.reason", record.Reason.ToString());
        if (record.IsError)
            span.SetTag(Spans.ErrorType, record.Reason.ToString()).SetStatus(ActivityStatusCode.Error);
        span.SetEndTime(ended.UtcDateTime);
        return TraceId.Of(span);
    }
}
