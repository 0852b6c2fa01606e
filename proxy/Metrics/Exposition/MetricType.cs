namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>What the values of a metric mean.</summary>
internal enum MetricType
{
    /// <summary>Only ever grows, from 0.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>How many measurements were not above each of some boundaries, and their sum.</summary>
    Histogram,
}
