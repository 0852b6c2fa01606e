using System.Diagnostics;
using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>Sorts measurements into a histogram, and keeps the last one of each part of it that belongs to a trace which is recorded.</summary>
internal sealed class HistogramSeriesCell(TagSet tags, DateTimeOffset created, HistogramBounds bounds, TimeProvider time) : Series(tags, created)
{
    private readonly long[] _counts = new long[bounds.Count];
    private double _sum;
    private Exemplar?[]? _exemplars;

    public override void Record(double value)
    {
        var index = bounds.IndexOf(value);
        Interlocked.Increment(ref _counts[index]);
        Adding.To(ref _sum, value);
        if (Activity.Current is { Recorded: true } activity)
            Keep(index, new Exemplar(activity.TraceId.ToHexString(), activity.SpanId.ToHexString(), value, time.GetUtcNow()));
    }

    public override MetricSeries Read()
    {
        var counts = new long[_counts.Length];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = Interlocked.Read(ref _counts[i]);
        return new HistogramSeries(Tags.Text, bounds, counts, Volatile.Read(ref _sum), Created, (Exemplar?[]?)Volatile.Read(ref _exemplars)?.Clone());
    }

    private void Keep(int index, Exemplar exemplar)
    {
        var exemplars = Volatile.Read(ref _exemplars);
        if (exemplars is null)
        {
            var none = new Exemplar?[_counts.Length];
            exemplars = Interlocked.CompareExchange(ref _exemplars, none, null) ?? none;
        }
        Volatile.Write(ref exemplars[index], exemplar);
    }
}
