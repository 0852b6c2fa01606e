using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Logs.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Everyport.Proxy.Http.Guard;

/// <summary>
/// Counts what Kestrel refuses by itself, and has requests among it told as any other. Of a bad request it tells in a diagnostic event, of everything else only why a
/// connection has ended; neither costs a good request anything.
/// </summary>
internal sealed class KestrelRefusals : IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";
    private const string ConnectionEnded = "kestrel.connection.duration", EndReason = "error.type", Version = "network.protocol.version", Http2 = "2";

    private static readonly FrozenDictionary<string, HttpLimit> EndReasons = new Dictionary<string, HttpLimit>
    {
        ["request_headers_timeout"] = HttpLimit.HeaderTimeout,
        ["min_request_body_data_rate"] = HttpLimit.BodyRate,
        ["min_response_data_rate"] = HttpLimit.ResponseRate,
        ["keep_alive_timeout"] = HttpLimit.KeepAlive,
    }.ToFrozenDictionary();

    /// <summary>Those that HTTP/1 connections have as well, but after an event.</summary>
    private static readonly FrozenDictionary<string, HttpLimit> Http2EndReasons = new Dictionary<string, HttpLimit>
    {
        ["max_request_headers_total_size_exceeded"] = HttpLimit.HeaderBytes,
        ["max_request_header_count_exceeded"] = HttpLimit.HeaderCount,
        ["stream_reset_limit_exceeded"] = HttpLimit.Streams,
        ["output_queue_size_exceeded"] = HttpLimit.UnreadFrames,
        ["flow_control_queue_size_exceeded"] = HttpLimit.UnreadFrames,
        ["error_reading_headers"] = HttpLimit.Syntax,
        ["flow_control_window_exceeded"] = HttpLimit.Syntax,
        ["frame_after_stream_close"] = HttpLimit.Syntax,
        ["invalid_data_padding"] = HttpLimit.Syntax,
        ["invalid_frame_length"] = HttpLimit.Syntax,
        ["invalid_handshake"] = HttpLimit.Syntax,
        ["invalid_http_version"] = HttpLimit.Syntax,
        ["invalid_request_headers"] = HttpLimit.Syntax,
        ["invalid_settings"] = HttpLimit.Syntax,
        ["invalid_stream_id"] = HttpLimit.Syntax,
        ["invalid_window_update_size"] = HttpLimit.Syntax,
        ["max_frame_length_exceeded"] = HttpLimit.Syntax,
        ["missing_stream_end"] = HttpLimit.Syntax,
        ["stream_self_dependency"] = HttpLimit.Syntax,
        // What Kestrel does not expect itself, such as an index of zero into the table of headers.
        ["other_error"] = HttpLimit.Syntax,
        ["unexpected_frame"] = HttpLimit.Syntax,
        ["unknown_stream"] = HttpLimit.Syntax,
    }.ToFrozenDictionary();

    private readonly HttpLimitHits _hits;
    private readonly Records _records;
    private readonly MeterListener _meters = new();
    private readonly IDisposable _events;

    public KestrelRefusals(HttpLimitHits hits, Records records, IMeterFactory meters, DiagnosticListener events)
    {
        (_hits, _records) = (hits, records);
        // Only this host's: the admin host and the demo origin have meters of their own.
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == ConnectionEnded && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<double>(OnConnectionEnded);
        _meters.Start();
        _events = events.Subscribe(this, name => name == BadRequest);
    }

    public void Dispose()
    {
        _events.Dispose();
        _meters.Dispose();
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != BadRequest || value.Value is not IFeatureCollection request || request.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException error)
            return;
        RefusedRequests.Tell(_records, request, error.StatusCode);
        if (LimitOf(error) is { } limit)
        {
            var connection = request.Get<IHttpConnectionFeature>();
            _hits.Add(limit, EndPointOf(connection?.RemoteIpAddress, connection?.RemotePort), EndPointOf(connection?.LocalIpAddress, connection?.LocalPort));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static System.Net.IPEndPoint? EndPointOf(System.Net.IPAddress? address, int? port) =>
        address is null ? null : new(address, port ?? 0);

    /// <summary>Null for what the end of the connection tells too, and for bodies that are too long: the pipeline answers and counts those.</summary>
    private static HttpLimit? LimitOf(BadHttpRequestException error) => error.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge => null,
        StatusCodes.Status414UriTooLong => HttpLimit.RequestLine,
        // The exception does not say it in any other way.
        StatusCodes.Status431RequestHeaderFieldsTooLarge => error.Message.Contains("too many", StringComparison.Ordinal) ? HttpLimit.HeaderCount : HttpLimit.HeaderBytes,
        _ => HttpLimit.Syntax,
    };

    private void OnConnectionEnded(Instrument instrument, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        string? reason = null, version = null;
        foreach (var (key, value) in tags)
        {
            if (key == EndReason)
                reason = value as string;
            else if (key == Version)
                version = value as string;
        }
        if (reason is null)
            return;
        if (EndReasons.TryGetValue(reason, out var limit) || (version == Http2 && Http2EndReasons.TryGetValue(reason, out limit)))
            _hits.Add(limit);
    }
}
