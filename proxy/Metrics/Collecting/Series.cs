using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>Gathers the measurements of one combination of tags. For any number of threads.</summary>
internal abstract class Series(TagSet tags, DateTimeOffset created)
{
    public TagSet Tags => tags;

    /// <summary>The last round in which it was told of, where it has to be told of again and again.</summary>
    public int Round { get; set; }

    /// <summary>The configuration that has all that it is named after.</summary>
    public ConfiguredNames? KnownTo { get; set; }

    protected DateTimeOffset Created => created;

    /// <summary>Takes a measurement.</summary>
    public abstract void Record(double value);

    /// <summary>What there is now.</summary>
    public abstract MetricSeries Read();
}
