using System.Buffers;
using System.Text;
using CsCheck;
using Everyport.Proxy.Metrics.Exposition;

namespace Everyport.Proxy.Tests.Metrics;

/// <summary>Both formats, byte by byte.</summary>
public class ExpositionWriterTests
{
    private static readonly DateTimeOffset Created = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_125);

    private static readonly MetricFamily Requests = new(
        "everyport_http_requests", MetricType.Counter, null, "Requests \"so far\",\nby \\ route.",
        [new NumberSeries(LabelText.Of(new("route", "web"), new("status", "2xx")), 12, Created), new NumberSeries(LabelText.Of(), 0.5)]);

    private static readonly MetricFamily Open = new("everyport_open_bytes", MetricType.Gauge, "bytes", "Open.", [new NumberSeries(LabelText.Of(), -3, Created)]);

    private static readonly MetricFamily Duration = new(
        "everyport_duration_seconds", MetricType.Histogram, "seconds", "Durations.",
        [
            new HistogramSeries(
                LabelText.Of(new KeyValuePair<string, object?>("route", "web")), new HistogramBounds([0.005, 1, 10]), [1, 2, 0, 4], 47.25, Created,
                [null, new Exemplar("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", 0.25, Created), null, null]),
            new HistogramSeries(LabelText.Of(), new HistogramBounds([0.005, 1, 10]), [0, 0, 0, 0], 0, Created),
        ]);

    [Fact]
    public void A_counter_in_the_text_format_has_one_name_for_all() => Assert.Equal(
        """
        # TYPE everyport_http_requests_total counter
        # HELP everyport_http_requests_total Requests "so far",\nby \\ route.
        everyport_http_requests_total{route="web",status="2xx"} 12
        everyport_http_requests_total 0.5

        """,
        Write(ExpositionFormat.Text, Requests));

    [Fact]
    public void A_counter_in_OpenMetrics_tells_when_it_began() => Assert.Equal(
        """
        # TYPE everyport_http_requests counter
        # HELP everyport_http_requests Requests \"so far\",\nby \\ route.
        everyport_http_requests_total{route="web",status="2xx"} 12
        everyport_http_requests_created{route="web",status="2xx"} 1700000000.125
        everyport_http_requests_total 0.5
        # EOF

        """,
        Write(ExpositionFormat.OpenMetrics, Requests));

    [Fact]
    public void A_gauge_is_never_created_and_its_unit_is_told_in_OpenMetrics_only()
    {
        Assert.Equal("# TYPE everyport_open_bytes gauge\n# HELP everyport_open_bytes Open.\neveryport_open_bytes -3\n", Write(ExpositionFormat.Text, Open));
        Assert.Equal(
            "# TYPE everyport_open_bytes gauge\n# UNIT everyport_open_bytes bytes\n# HELP everyport_open_bytes Open.\neveryport_open_bytes -3\n# EOF\n",
            Write(ExpositionFormat.OpenMetrics, Open));
    }

    [Fact]
    public void A_histogram_in_the_text_format_adds_its_counts_up() => Assert.Equal(
        """
        # TYPE everyport_duration_seconds histogram
        # HELP everyport_duration_seconds Durations.
        everyport_duration_seconds_bucket{route="web",le="0.005"} 1
        everyport_duration_seconds_bucket{route="web",le="1"} 3
        everyport_duration_seconds_bucket{route="web",le="10"} 3
        everyport_duration_seconds_bucket{route="web",le="+Inf"} 7
        everyport_duration_seconds_sum{route="web"} 47.25
        everyport_duration_seconds_count{route="web"} 7
        everyport_duration_seconds_bucket{le="0.005"} 0
        everyport_duration_seconds_bucket{le="1"} 0
        everyport_duration_seconds_bucket{le="10"} 0
        everyport_duration_seconds_bucket{le="+Inf"} 0
        everyport_duration_seconds_sum 0
        everyport_duration_seconds_count 0

        """,
        Write(ExpositionFormat.Text, Duration));

    [Fact]
    public void A_histogram_in_OpenMetrics_has_exemplars_and_floating_boundaries() => Assert.Equal(
        """
        # TYPE everyport_duration_seconds histogram
        # UNIT everyport_duration_seconds seconds
        # HELP everyport_duration_seconds Durations.
        everyport_duration_seconds_bucket{route="web",le="0.005"} 1
        everyport_duration_seconds_bucket{route="web",le="1.0"} 3 # {trace_id="0af7651916cd43dd8448eb211c80319c",span_id="b7ad6b7169203331"} 0.25 1700000000.125
        everyport_duration_seconds_bucket{route="web",le="10.0"} 3
        everyport_duration_seconds_bucket{route="web",le="+Inf"} 7
        everyport_duration_seconds_sum{route="web"} 47.25
        everyport_duration_seconds_count{route="web"} 7
        everyport_duration_seconds_created{route="web"} 1700000000.125
        everyport_duration_seconds_bucket{le="0.005"} 0
        everyport_duration_seconds_bucket{le="1.0"} 0
        everyport_duration_seconds_bucket{le="10.0"} 0
        everyport_duration_seconds_bucket{le="+Inf"} 0
        everyport_duration_seconds_sum 0
        everyport_duration_seconds_count 0
        everyport_duration_seconds_created 1700000000.125
        # EOF

        """,
        Write(ExpositionFormat.OpenMetrics, Duration));

    [Fact]
    public void Metrics_without_a_series_are_left_out() =>
        Assert.Equal("# EOF\n", Write(ExpositionFormat.OpenMetrics, new MetricFamily("nothing", MetricType.Gauge, null, "Nothing.", [])));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.1, "-0.1")]
    [InlineData(9007199254740991, "9007199254740991")]
    [InlineData(1e300, "1E+300")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Numbers_are_written_as_short_as_they_can_be(double value, string text) =>
        Assert.Equal($"x {text}\n", Write(ExpositionFormat.Text, new MetricFamily("x", MetricType.Gauge, null, "", [new NumberSeries(LabelText.Of(), value)])).Split("# HELP x \n")[1]);

    [Fact]
    public void Any_value_of_a_label_and_any_number_can_be_read_back() =>
        Gen.Select(Gen.String[Gen.OneOf(Gen.Char, Gen.OneOf('\\', '"', '\n', 'n', '{', '}', ',', '=', ' ', '#')), 0, 40], Gen.Double, Gen.OneOf(ExpositionFormat.Text, ExpositionFormat.OpenMetrics))
            .Where(sample => IsText(sample.Item1))
            .Sample((value, number, format) =>
            {
                var text = Write(format, new MetricFamily("m", MetricType.Gauge, null, "", [new NumberSeries(LabelText.Of(new("a", value), new("b", "end")), number)]));
                var (labels, read) = ExpositionLine.Parse(text.Split('\n')[2]);
                Assert.Equal(value, labels.GetValueOrDefault("a", ""));
                Assert.Equal("end", labels["b"]);
                Assert.Equal(number, read);
            });

    private static bool IsText(string value) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)) == value;

    private static string Write(ExpositionFormat format, params MetricFamily[] families)
    {
        var output = new ArrayBufferWriter<byte>();
        ExpositionWriter.Write(families, format, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
