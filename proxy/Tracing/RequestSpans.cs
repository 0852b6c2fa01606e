using System.Diagnostics;
using System.Globalization;
using Everyport.Proxy.Logs;
using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Tracing;

/// <summary>The span of a request, from its beginning to the end of its answer.</summary>
internal static class RequestSpans
{
    /// <summary>Begins one, in the trace of the client where it names one. Null where nobody wants any.</summary>
    public static Activity? Begin(IHeaderDictionary headers, string method)
    {
        _ = ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parent);
        return Spans.Source.StartActivity(Spans.MethodOf(method), ActivityKind.Server, parent);
    }

    /// <summary>Says what the record says.</summary>
    public static void Describe(Activity span, in RequestRecord record)
    {
        var method = Spans.MethodOf(record.Method);
        if (record.Route is { } route)
        {
            span.DisplayName = $"{method} {route}";
            span.SetTag(Spans.Route, route);
        }
        var query = record.Target.IndexOf('?', StringComparison.Ordinal);
        span.SetTag(Spans.RequestMethod, method)
            .SetTag("url.path", query < 0 ? record.Target : record.Target[..query])
            .SetTag("url.query", query < 0 ? null : record.Target[(query + 1)..])
            .SetTag("url.scheme", record.ServerName is null ? "http" : "https")
            .SetTag("network.protocol.version", record.Protocol[(record.Protocol.IndexOf('/', StringComparison.Ordinal) + 1)..])
            .SetTag("user_agent.original", record.UserAgent)
            .SetTag(Spans.ServerAddress, record.Host)
            .SetTag(Spans.ClientAddress, record.Steered.Client.Address.ToString())
            .SetTag(Spans.ClientPort, (int)record.Steered.Client.Port)
            .SetTag(Spans.Original, record.Steered.Original.ToString())
            .SetTag(Spans.Cluster, record.Cluster)
            .SetTag(Spans.Destination, record.Destination);
        if (record.Status != 0)
            span.SetTag(Spans.ResponseStatus, record.Status);
        if (!record.IsError)
            return;
        span.SetTag(Spans.ErrorType, record.Reason?.ToString() ?? record.Status.ToString(CultureInfo.InvariantCulture));
        span.SetStatus(ActivityStatusCode.Error);
    }
}
