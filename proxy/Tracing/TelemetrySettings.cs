namespace Everyport.Proxy.Tracing;

/// <summary>The section <c>Telemetry</c>: what is sent to a collector, where there is one.</summary>
internal sealed record TelemetrySettings
{
    /// <summary>Null: nothing is sent, and nothing is prepared for it.</summary>
    public OtlpSettings? Otlp { get; init; }

    /// <summary>The share of traces that are sent; null for none.</summary>
    public double? TraceShare { get; init; } = 1;

    /// <summary>How often metrics are sent; null for never.</summary>
    public TimeSpan? MetricsInterval { get; init; } = TimeSpan.FromMinutes(1);

    public bool HasTraces => Otlp is not null && TraceShare is not null;

    public bool HasMetrics => Otlp is not null && MetricsInterval is not null;
}
