using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>Gathers the measurements of one combination of tags. For any number of threads.</summary>
internal abstract class Series(TagSet tags, DateTimeOffset created)
{
    public TagSet Tags => tags;

    protected DateTimeOffset Created => created;

    /// <summary>Takes a measurement.</summary>
    public abstract void Record(double value);

    /// <summary>What there is now.</summary>
    public abstract MetricSeries Read();
}
