using System.Text.Encodings.Web;
using System.Text.Json;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Streams;

namespace Everyport.Proxy.Logs.Formats;

/// <summary>An object of JSON, with names as the log's other lines have them. What is not there is left out.</summary>
internal sealed class JsonFormat : ILineFormat
{
    private const int LongestEndpoint = 64;

    // What it leaves as it is matters within HTML only.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonEncodedText
        Timestamp = Name("Timestamp"), Kind = Name("Kind"), Client = Name("Client"), Original = Name("Original"), Protocol = Name("Protocol"), Method = Name("Method"),
        Host = Name("Host"), Target = Name("Target"), Status = Name("Status"), Route = Name("Route"), Cluster = Name("Cluster"), Destination = Name("Destination"), Sni = Name("Sni"),
        BytesIn = Name("BytesIn"), BytesOut = Name("BytesOut"), DatagramsIn = Name("DatagramsIn"), DatagramsOut = Name("DatagramsOut"), Milliseconds = Name("Milliseconds"),
        Reason = Name("Reason"), UserAgent = Name("UserAgent"), Referer = Name("Referer"), Trace = Name("TraceId"),
        Request = Name("request"), Stream = Name("stream"), Flow = Name("flow"), Tcp = Name("TCP"), Udp = Name("UDP");

    private static readonly JsonEncodedText[] RequestReasons = NamesOf<HttpErrorReason>(), StreamReasons = NamesOf<CloseReason>(), FlowReasons = NamesOf<FlowCloseReason>();

    [ThreadStatic]
    private static Utf8JsonWriter? _ofThread;

    public void Write(Line line, DateTime ended, in RequestRecord record)
    {
        var json = Begin(line, ended, Request, record.Steered);
        json.WriteString(Protocol, record.Protocol);
        json.WriteString(Method, record.Method);
        json.WriteString(Host, record.Host);
        json.WriteString(Target, record.Target);
        if (record.Status != 0)
            json.WriteNumber(Status, record.Status);
        WriteWay(json, record.Route, record.Cluster, record.Destination, record.ServerName);
        json.WriteNumber(BytesIn, record.BytesIn);
        json.WriteNumber(BytesOut, record.BytesOut);
        WriteDuration(json, record.Duration);
        if (record.Reason is { } reason)
            json.WriteString(Reason, RequestReasons[(int)reason]);
        WriteIfAny(json, UserAgent, record.UserAgent);
        WriteIfAny(json, Referer, record.Referer);
        End(json, record.Trace);
    }

    public void Write(Line line, DateTime ended, in StreamRecord record)
    {
        var json = Begin(line, ended, Stream, record.Steered);
        json.WriteString(Protocol, Tcp);
        WriteWay(json, record.Route, record.Cluster, record.Destination, record.ServerName);
        json.WriteNumber(BytesIn, record.BytesIn);
        json.WriteNumber(BytesOut, record.BytesOut);
        WriteDuration(json, record.Duration);
        json.WriteString(Reason, StreamReasons[(int)record.Reason]);
        End(json, record.Trace);
    }

    public void Write(Line line, DateTime ended, in FlowRecord record)
    {
        var json = Begin(line, ended, Flow, record.Steered);
        json.WriteString(Protocol, Udp);
        WriteWay(json, record.Route, record.Cluster, record.Destination, record.ServerName);
        json.WriteNumber(BytesIn, record.In.Bytes);
        json.WriteNumber(BytesOut, record.Out.Bytes);
        json.WriteNumber(DatagramsIn, record.In.Datagrams);
        json.WriteNumber(DatagramsOut, record.Out.Datagrams);
        WriteDuration(json, record.Duration);
        json.WriteString(Reason, FlowReasons[(int)record.Reason]);
        End(json, record.Trace);
    }

    private static Utf8JsonWriter Begin(Line line, DateTime ended, JsonEncodedText kind, in Steered steered)
    {
        var json = _ofThread ??= new Utf8JsonWriter(line, Options);
        json.Reset(line);
        json.WriteStartObject();
        json.WriteString(Timestamp, ended);
        json.WriteString(Kind, kind);
        WriteEndpoint(json, Client, steered.Client);
        WriteEndpoint(json, Original, steered.Original);
        return json;
    }

    private static void End(Utf8JsonWriter json, TraceId trace)
    {
        if (!trace.IsNone)
        {
            Span<byte> digits = stackalloc byte[TraceId.Digits];
            trace.Number.TryFormat(digits, out _, "x32", null);
            json.WriteString(Trace, digits);
        }
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteWay(Utf8JsonWriter json, string? route, string? cluster, string? destination, string? serverName)
    {
        WriteIfAny(json, Route, route);
        WriteIfAny(json, Cluster, cluster);
        WriteIfAny(json, Destination, destination);
        WriteIfAny(json, Sni, serverName);
    }

    private static void WriteIfAny(Utf8JsonWriter json, JsonEncodedText name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            json.WriteString(name, value);
    }

    private static void WriteEndpoint(Utf8JsonWriter json, JsonEncodedText name, Endpoint endpoint)
    {
        Span<byte> text = stackalloc byte[LongestEndpoint];
        json.WriteString(name, text[..Line.Format(endpoint, text)]);
    }

    private static void WriteDuration(Utf8JsonWriter json, TimeSpan duration) => json.WriteNumber(Milliseconds, Math.Round(duration.TotalMilliseconds, 3));

    private static JsonEncodedText Name(string text) => JsonEncodedText.Encode(text);

    private static JsonEncodedText[] NamesOf<T>() where T : struct, Enum => Array.ConvertAll(Enum.GetNames<T>(), Name);
}
