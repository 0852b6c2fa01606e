using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Metrics.Collecting;

/// <summary>
/// Gathers the measurements of instruments, and tells what there is when it is asked. Everything is measured by instruments of .NET, so that
/// others may listen to them as well.
/// </summary>
internal sealed class MetricCollector : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, InstrumentSeries> _instruments = new(StringComparer.Ordinal);
    private ConfiguredNames? _names;

    /// <summary>Begins to gather.</summary>
    /// <param name="wanted">The instruments to listen to, of which no two have the same name.</param>
    /// <param name="time">The time of what is created.</param>
    public MetricCollector(Func<Instrument, bool> wanted, TimeProvider time)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!wanted(instrument))
                return;
            var series = new InstrumentSeries(instrument, time);
            lock (_instruments)
                _instruments[instrument.Name] = series;
            listener.EnableMeasurementEvents(instrument, series);
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>From now on series are named after what is in this configuration.</summary>
    public void Show(ConfiguredNames names) => Volatile.Write(ref _names, names);

    /// <summary>All metrics at this moment, by name.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        lock (_gate)
        {
            foreach (var series in Instruments())
                series.BeginRound();
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // One that has failed is left out, and costs none of the others.
            }
            var instruments = Instruments();
            // With every scrape: what had begun before a route was removed may still be counted after it.
            var names = Volatile.Read(ref _names);
            foreach (var series in instruments)
                series.Keep(names);
            return [.. instruments.Select(series => series.Read())];
        }
    }

    public void Dispose() => _listener.Dispose();

    private InstrumentSeries[] Instruments()
    {
        lock (_instruments)
            return [.. _instruments.Values];
    }
}
