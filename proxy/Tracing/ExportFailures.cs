using System.Diagnostics.Tracing;
using System.Globalization;
using Everyport.Proxy.Metrics;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Tracing;

/// <summary>Tells in the log when a collector does not take what it is sent; the SDK of OpenTelemetry tells only this way.</summary>
internal sealed partial class ExportFailures(Uri endpoint, TimeProvider time, ILogger logger) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    private readonly OncePerSecond _log = new(time);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter)
            EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The base class may already call while this is made.
        if (_log?.IsDue() != true)
            return;
        var text = eventData.Message is { } message && eventData.Payload is { } payload ? string.Format(CultureInfo.InvariantCulture, message, [.. payload]) : eventData.EventName;
        Failed(logger, endpoint, FirstLine(text ?? ""));
    }

    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telemetry is not taken by {Endpoint}: {Error}")]
    private static partial void Failed(ILogger logger, Uri endpoint, string error);
}
