namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>How metrics are written.</summary>
internal enum ExpositionFormat
{
    /// <summary>The text format of Prometheus, version 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}
