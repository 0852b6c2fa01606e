namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>A measurement whose trace can be looked at.</summary>
internal sealed record Exemplar(string TraceId, string SpanId, double Value, DateTimeOffset Time);
