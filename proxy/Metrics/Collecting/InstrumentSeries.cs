using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>
/// All series of one instrument. Those of an observable instrument are what it tells when it is asked; those of any other begin with their
/// first measurement and stay until what they are named after has gone.
/// </summary>
internal sealed class InstrumentSeries
{
    /// <summary>Names come from the configuration, which has an end; whatever else would get here must not fill the memory.</summary>
    private const int MostSeries = 200_000;

    private readonly ConcurrentDictionary<TagSet, Series> _series = new(TagSet.Comparer);
    private readonly ConcurrentDictionary<TagSet, Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;
    private readonly Instrument _instrument;
    private readonly HistogramBounds? _bounds;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _started;
    private readonly string _name;
    private readonly string? _unit;
    private readonly MetricType _type;
    private (int Version, Series[] Series) _ordered = (-1, []);
    private int _version, _round;

    public InstrumentSeries(Instrument instrument, TimeProvider time)
    {
        (_instrument, _time, _started) = (instrument, time, time.GetUtcNow());
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        _unit = MetricName.UnitOf(instrument.Unit);
        _name = MetricName.Of(instrument.Name, _unit);
        _type = InstrumentKind.TypeOf(instrument);
        _bounds = _type == MetricType.Histogram ? new HistogramBounds(InstrumentKind.BoundariesOf(instrument)) : null;
    }

    /// <summary>Takes a measurement; allocates only for the first of its tags.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_byTags.TryGetValue(tags, out var series) && !TryAdd(tags, out series))
            return;
        series.Record(value);
        if (_instrument.IsObservable)
            series.Round = _round;
    }

    /// <summary>Comes before observable instruments are asked.</summary>
    public void BeginRound() => _round++;

    /// <summary>Lets go of what is not told of any more, and of what is named after something that has left the configuration.</summary>
    public void Keep(ConfiguredNames? names)
    {
        foreach (var (tags, series) in _series)
        {
            if (_instrument.IsObservable && series.Round != _round || names is not null && series.KnownTo != names && !names.Has(tags))
                Remove(tags);
            else
                series.KnownTo = names;
        }
    }

    /// <summary>What there is, ordered by labels, so that two scrapes can be compared.</summary>
    public MetricFamily Read()
    {
        var version = Volatile.Read(ref _version);
        if (_ordered.Version != version)
            _ordered = (version, [.. _series.Values.OrderBy(series => series.Tags, TagSet.Order)]);
        return new(_name, _type, _unit, _instrument.Description ?? "", Array.ConvertAll(_ordered.Series, series => series.Read()));
    }

    private bool TryAdd(ReadOnlySpan<KeyValuePair<string, object?>> tags, out Series series)
    {
        series = null!;
        if (_series.Count >= MostSeries)
            return false;
        var set = new TagSet(tags);
        series = _series.GetOrAdd(set, New(set));
        Interlocked.Increment(ref _version);
        return true;
    }

    private void Remove(TagSet tags)
    {
        if (_series.TryRemove(tags, out _))
            Interlocked.Increment(ref _version);
    }

    private Series New(TagSet tags)
    {
        var created = _instrument.IsObservable ? _started : _time.GetUtcNow();
        return _bounds is null ? new NumberSeriesCell(tags, created, addsUp: !InstrumentKind.TellsWhole(_instrument)) : new HistogramSeriesCell(tags, created, _bounds, _time);
    }
}
