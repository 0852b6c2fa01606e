using System.Reflection;
using Everyport.Proxy.Metrics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Everyport.Proxy.Tracing;

/// <summary>Sends traces and metrics to a collector. What it does not take in time is dropped, and nobody waits.</summary>
internal sealed class Telemetry : IDisposable
{
    private const int LastPatienceMilliseconds = 2000;

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;
    private readonly ExportFailures _failures;

    private Telemetry(TelemetrySettings settings, OtlpSettings otlp, ILogger<Telemetry> logger)
    {
        _failures = new ExportFailures(otlp.Endpoint, TimeProvider.System, logger);
        if (settings.TraceShare is { } share)
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(Describe)
                .AddSource(Spans.Name)
                .SetSampler(SamplerOf(share))
                .AddOtlpExporter(options => Configure(options, otlp, "v1/traces"))
                .Build();
        if (settings.MetricsInterval is { } interval)
            _metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(Describe)
                .AddMeter(EveryportMeter.Name)
                .AddOtlpExporter((options, reader) =>
                {
                    Configure(options, otlp, "v1/metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)interval.TotalMilliseconds;
                })
                .Build();
    }

    /// <summary>Null where nothing is to be sent.</summary>
    public static Telemetry? Start(TelemetrySettings settings, ILoggerFactory loggers) =>
        settings.Otlp is { } otlp && (settings.HasTraces || settings.HasMetrics) ? new Telemetry(settings, otlp, loggers.CreateLogger<Telemetry>()) : null;

    /// <summary>Sends what is left, if the collector takes it.</summary>
    public void Dispose()
    {
        _traces?.Shutdown(LastPatienceMilliseconds);
        _metrics?.Shutdown(LastPatienceMilliseconds);
        _traces?.Dispose();
        _metrics?.Dispose();
        _failures.Dispose();
    }

    /// <summary>A client may keep its requests from being sampled, but cannot have more of them sampled than others.</summary>
    private static ParentBasedSampler SamplerOf(double share)
    {
        var sampler = new TraceIdRatioBasedSampler(share);
        return new ParentBasedSampler(sampler, remoteParentSampled: sampler);
    }

    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("everyport", serviceVersion: typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);

    private static void Configure(OtlpExporterOptions options, OtlpSettings otlp, string path)
    {
        var isHttp = otlp.Protocol == OtlpProtocol.HttpProtobuf;
        options.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        options.Endpoint = isHttp ? new Uri($"{otlp.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}") : otlp.Endpoint;
        options.Headers = string.Join(',', otlp.Headers.Select(header => $"{header.Key}={Uri.EscapeDataString(header.Value)}"));
    }
}
