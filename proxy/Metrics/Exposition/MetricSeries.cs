namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>What is known of one combination of labels.</summary>
/// <param name="Labels">As <see cref="LabelText"/> writes them; empty where there are none.</param>
/// <param name="Created">When it began to count, of counters and histograms.</param>
internal abstract record MetricSeries(ReadOnlyMemory<byte> Labels, DateTimeOffset? Created);

/// <summary>A single number.</summary>
internal sealed record NumberSeries(ReadOnlyMemory<byte> Labels, double Value, DateTimeOffset? Created = null) : MetricSeries(Labels, Created);

/// <summary>A histogram.</summary>
/// <param name="Labels">The labels, without that of the boundary.</param>
/// <param name="Bounds">The boundaries.</param>
/// <param name="Counts">For each boundary what is not above it and above the one before, and last what is above all.</param>
/// <param name="Sum">Of all measurements.</param>
/// <param name="Created">When it began to count.</param>
/// <param name="Exemplars">For each of the counts a measurement to look at, where there is one; null where there is none at all.</param>
internal sealed record HistogramSeries(
    ReadOnlyMemory<byte> Labels, HistogramBounds Bounds, long[] Counts, double Sum, DateTimeOffset? Created, Exemplar?[]? Exemplars = null)
    : MetricSeries(Labels, Created);
