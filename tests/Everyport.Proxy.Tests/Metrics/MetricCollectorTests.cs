using System.Diagnostics;
using System.Diagnostics.Metrics;
using Everyport.Proxy.Metrics.Collecting;
using Everyport.Proxy.Metrics.Exposition;
using static Everyport.Proxy.Tests.Configuration.Configurations;

namespace Everyport.Proxy.Tests.Metrics;

/// <summary>What becomes of measurements.</summary>
public sealed class MetricCollectorTests : IDisposable
{
    private readonly Meter _meter = new("Tests");
    private readonly MetricCollector _collector;

    public MetricCollectorTests() => _collector = new MetricCollector(instrument => instrument.Meter == _meter, TimeProvider.System);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counts_add_up_for_each_combination_of_tags()
    {
        var counter = _meter.CreateCounter<long>("things", unit: null, "Things.");
        counter.Add(1, new("route", "a"), new("reason", "x"));
        counter.Add(2, new("route", "b"), new("reason", "x"));
        counter.Add(3, new("route", new string("a")), new("reason", "x"));
        var family = Assert.Single(_collector.Collect());
        Assert.Equal(("things", MetricType.Counter, "Things."), (family.Name, family.Type, family.Help));
        Assert.Equal(["route=\"a\",reason=\"x\" 4", "route=\"b\",reason=\"x\" 2"], Values(family));
    }

    [Fact]
    public void Counts_of_many_threads_are_all_there()
    {
        const int threads = 4, each = 20_000;
        var counter = _meter.CreateCounter<long>("things");
        var histogram = _meter.CreateHistogram<double>("times", "s");
        Parallel.For(0, threads, _ =>
        {
            for (var i = 0; i < each; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("route", i % 2 == 0 ? "even" : "odd"));
                histogram.Record(0.5);
            }
        });
        var families = _collector.Collect();
        Assert.Equal([$"route=\"even\" {threads * each / 2}", $"route=\"odd\" {threads * each / 2}"], Values(families[0]));
        var times = Assert.IsType<HistogramSeries>(Assert.Single(families[1].Series));
        Assert.Equal((threads * each, threads * each * 0.5), (times.Counts.Sum(), times.Sum));
    }

    [Fact]
    public void A_measurement_at_a_boundary_is_not_above_it()
    {
        var histogram = _meter.CreateHistogram("times", "s", "Times.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        foreach (var value in (double[])[0.5, 1, 1.5, 2, 2.5, double.NaN])
            histogram.Record(value);
        var family = Assert.Single(_collector.Collect());
        Assert.Equal(("times_seconds", "seconds"), (family.Name, family.Unit));
        Assert.Equal([2, 2, 2], Assert.IsType<HistogramSeries>(family.Series[0]).Counts);
    }

    [Fact]
    public void An_observable_instrument_has_only_what_it_tells_now()
    {
        string[] destinations = ["a", "b"];
        _meter.CreateObservableGauge("up", () => destinations.Select(name => new Measurement<int>(1, new KeyValuePair<string, object?>("destination", name))));
        Assert.Equal(["destination=\"a\" 1", "destination=\"b\" 1"], Values(Assert.Single(_collector.Collect())));
        destinations = ["b"];
        Assert.Equal(["destination=\"b\" 1"], Values(Assert.Single(_collector.Collect())));
    }

    [Fact]
    public void Series_of_what_has_left_the_configuration_go_away_and_stay_away()
    {
        var counter = _meter.CreateCounter<long>("things");
        Measure();
        _collector.Show(new ConfiguredNames(Read(Configuration("a", "b"))));
        Assert.Equal(["1", "route=\"a\",cluster=\"c\",destination=\"d\" 1", "route=\"b\",cluster=\"c\",destination=\"d\" 1"], Values(Assert.Single(_collector.Collect())));

        _collector.Show(new ConfiguredNames(Read(Configuration("b"))));
        Assert.Equal(["1", "route=\"b\",cluster=\"c\",destination=\"d\" 1"], Values(Assert.Single(_collector.Collect())));
        // What had begun before ends now.
        Measure();
        Assert.Equal(["2", "route=\"b\",cluster=\"c\",destination=\"d\" 2"], Values(Assert.Single(_collector.Collect())));

        void Measure()
        {
            counter.Add(1, new("route", null), new("cluster", null), new("destination", null));
            counter.Add(1, new("route", "a"), new("cluster", "c"), new("destination", "d"));
            counter.Add(1, new("route", "b"), new("cluster", "c"), new("destination", "d"));
            counter.Add(1, new("route", "b"), new("cluster", "c"), new("destination", "gone"));
            counter.Add(1, new("route", "b"), new("cluster", "gone"), new("destination", null));
        }
    }

    [Fact]
    public void A_measurement_of_a_recorded_trace_can_be_looked_at()
    {
        var histogram = _meter.CreateHistogram<double>("times", "s");
        using var recorded = new Activity("recorded") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        histogram.Record(0.02);
        recorded.Stop();
        using var unrecorded = new Activity("unrecorded").Start();
        histogram.Record(7);
        unrecorded.Stop();
        var series = Assert.IsType<HistogramSeries>(Assert.Single(_collector.Collect()).Series[0]);
        var exemplar = Assert.Single(series.Exemplars!, exemplar => exemplar is not null)!;
        Assert.Equal((recorded.TraceId.ToHexString(), recorded.SpanId.ToHexString(), 0.02), (exemplar.TraceId, exemplar.SpanId, exemplar.Value));
    }

    [Fact]
    public void To_measure_allocates_nothing()
    {
        var (counter, histogram) = (_meter.CreateCounter<long>("things"), _meter.CreateHistogram<double>("times", "s"));
        Measure();
        Assert.Equal(0, Allocated.By(Measure));

        void Measure()
        {
            counter.Add(1, new("route", "a"), new("cluster", "b"), new("status", "2xx"));
            histogram.Record(0.5, new("route", "a"), new KeyValuePair<string, object?>("cluster", "b"));
        }
    }

    private static string Configuration(params string[] routes) =>
        $$"""
        { "ReverseProxy": {
            "Routes": { {{string.Join(',', routes.Select((route, number) => $$""" "{{route}}": { "ClusterId": "c", "Match": { "Path": "/{{number}}" } } """))}} },
            "Clusters": { "c": { "Destinations": { "d": { "Address": "http://192.0.2.1/" } } } } } }
        """;

    private static IEnumerable<string> Values(MetricFamily family) =>
        family.Series.Select(series => $"{System.Text.Encoding.UTF8.GetString(series.Labels.Span)} {((NumberSeries)series).Value}".Trim());
}
