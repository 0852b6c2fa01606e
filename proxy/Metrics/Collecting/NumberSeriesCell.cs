using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>Adds up what is counted, or keeps the last of what is told as a whole.</summary>
internal sealed class NumberSeriesCell(TagSet tags, DateTimeOffset created, bool addsUp) : Series(tags, created)
{
    private double _value;

    public override void Record(double value)
    {
        if (!addsUp)
        {
            Volatile.Write(ref _value, value);
            return;
        }
        Adding.To(ref _value, value);
    }

    public override MetricSeries Read() => new NumberSeries(Tags.Text, Volatile.Read(ref _value), Created);
}
