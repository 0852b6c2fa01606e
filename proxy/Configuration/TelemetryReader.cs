using Everyport.Proxy.Tracing;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>Telemetry</c>.</summary>
internal static class TelemetryReader
{
    private const string Example = "'http://127.0.0.1:4317'";

    public static TelemetrySettings Read(SectionReader section)
    {
        var defaults = new TelemetrySettings();
        var traces = section.Section("Traces");
        var metrics = section.Section("Metrics");
        var otlp = section.Section("Otlp");
        var settings = new TelemetrySettings
        {
            Otlp = ReadOtlp(otlp),
            TraceShare = traces.ShareOrOff("SampleRatio", defaults.TraceShare),
            MetricsInterval = metrics.DurationOrOff("Interval", defaults.MetricsInterval),
        };
        if (!otlp.Has("Endpoint") && (traces.Has("SampleRatio") || metrics.Has("Interval")))
            section.Error("Otlp:Endpoint", $"is missing; expected where traces and metrics are to be sent, such as {Example}");
        traces.RejectUnknown();
        metrics.RejectUnknown();
        section.RejectUnknown();
        return settings;
    }

    private static OtlpSettings? ReadOtlp(SectionReader section)
    {
        var endpoint = section.Value<Uri?>("Endpoint", null, ParseEndpoint);
        var protocol = section.Value("Protocol", OtlpProtocol.Grpc, ParseProtocol);
        var headers = section.Pairs("Headers");
        foreach (var (name, value) in headers)
        {
            if (!name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'))
                section.Error($"Headers:{name}", "is no name of a header that can be sent; expected letters, digits and hyphens");
            // The exporter takes all headers as one list.
            if (!value.All(character => character is >= ' ' and <= '~' and not ','))
                section.Error($"Headers:{name}", "cannot be sent; expected printable ASCII without a comma");
        }
        if (!section.Has("Endpoint") && (section.Has("Protocol") || headers.Count > 0))
            section.Error("Endpoint", $"is missing; expected where traces and metrics are to be sent, such as {Example}");
        section.RejectUnknown();
        return endpoint is null ? null : new OtlpSettings(endpoint, protocol, headers);
    }

    private static bool ParseEndpoint(string text, out Uri? endpoint, out string? error)
    {
        var good = Uri.TryCreate(text, UriKind.Absolute, out endpoint) && endpoint.Scheme is "http" or "https" && endpoint.Query.Length == 0 && endpoint.UserInfo.Length == 0;
        error = good ? null : $"'{text}' is not the address of a collector, such as {Example} for gRPC or 'http://127.0.0.1:4318' for HTTP";
        return good;
    }

    private static bool ParseProtocol(string text, out OtlpProtocol protocol, out string? error)
    {
        (protocol, error) = text.ToUpperInvariant() switch
        {
            "GRPC" => (OtlpProtocol.Grpc, null),
            "HTTP/PROTOBUF" => (OtlpProtocol.HttpProtobuf, null),
            _ => (OtlpProtocol.Grpc, $"'{text}' is not one of 'grpc', 'http/protobuf'"),
        };
        return error is null;
    }
}
