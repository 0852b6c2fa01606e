namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>A metric with all its series at one moment.</summary>
/// <param name="Name">As <see cref="MetricName"/> makes it, without <c>_total</c>.</param>
/// <param name="Type">What its values mean.</param>
/// <param name="Unit">Such as <c>seconds</c>, with which the name ends then; null for a mere number.</param>
/// <param name="Help">A sentence.</param>
/// <param name="Series">One for each combination of labels.</param>
internal sealed record MetricFamily(string Name, MetricType Type, string? Unit, string Help, IReadOnlyList<MetricSeries> Series);
