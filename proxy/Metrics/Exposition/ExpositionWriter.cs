using System.Buffers;
using System.Globalization;
using System.Text;

namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>
/// Writes metrics in the text format of Prometheus
/// (https://prometheus.io/docs/instrumenting/exposition_formats/) or as OpenMetrics
/// (https://prometheus.io/docs/specs/om/open_metrics_spec/). Both have one line for each number.
/// </summary>
internal readonly ref struct ExpositionWriter(IBufferWriter<byte> output, ExpositionFormat format)
{
    private readonly IBufferWriter<byte> _output = output;

    private bool IsOpenMetrics => format == ExpositionFormat.OpenMetrics;

    /// <summary>Writes all of it. No two families have the same name.</summary>
    public static void Write(IEnumerable<MetricFamily> families, ExpositionFormat format, IBufferWriter<byte> output)
    {
        var writer = new ExpositionWriter(output, format);
        foreach (var family in families)
        {
            if (family.Series.Count > 0)
                writer.Write(family);
        }
        if (writer.IsOpenMetrics)
            output.Write("# EOF\n"u8);
    }

    private void Write(MetricFamily family)
    {
        var sampleName = family.Type == MetricType.Counter ? $"{family.Name}_total" : family.Name;
        var (name, sample) = (Encoding.UTF8.GetBytes(family.Name), Encoding.UTF8.GetBytes(sampleName));
        // What the text format calls a counter by the name of its samples, OpenMetrics calls by that of the family.
        WriteHead(family, IsOpenMetrics ? family.Name : sampleName);
        foreach (var series in family.Series)
        {
            if (series is HistogramSeries histogram)
                WriteHistogram(sample, histogram);
            else
                WriteLine(sample, [], series.Labels.Span, [], ((NumberSeries)series).Value);
            if (IsOpenMetrics && family.Type != MetricType.Gauge && series.Created is { } created)
                WriteLine(name, "_created"u8, series.Labels.Span, [], Seconds(created));
        }
    }

    private void WriteHead(MetricFamily family, string name)
    {
        var help = new StringBuilder();
        LabelText.Escape(family.Help, help, quotes: IsOpenMetrics);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {TypeName(family.Type)}\n");
        if (IsOpenMetrics && family.Unit is not null)
            head.Append(CultureInfo.InvariantCulture, $"# UNIT {name} {family.Unit}\n");
        head.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n");
        Encoding.UTF8.GetBytes(head.ToString(), _output);
    }

    private void WriteHistogram(ReadOnlySpan<byte> name, HistogramSeries series)
    {
        long total = 0;
        for (var i = 0; i < series.Counts.Length; i++)
        {
            total += series.Counts[i];
            WriteLine(name, "_bucket"u8, series.Labels.Span, series.Bounds.LabelOf(i, format), total, IsOpenMetrics ? series.Exemplars?[i] : null);
        }
        WriteLine(name, "_sum"u8, series.Labels.Span, [], series.Sum);
        WriteLine(name, "_count"u8, series.Labels.Span, [], total);
    }

    private void WriteLine(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> lastLabel, double value, Exemplar? exemplar = null)
    {
        const int punctuation = 5;
        var line = _output.GetSpan(name.Length + suffix.Length + labels.Length + lastLabel.Length + NumberText.MaxLength + punctuation);
        var end = Append(name, line, 0);
        end = Append(suffix, line, end);
        if (labels.Length + lastLabel.Length > 0)
        {
            line[end++] = (byte)'{';
            end = Append(labels, line, end);
            if (labels.Length > 0 && lastLabel.Length > 0)
                line[end++] = (byte)',';
            end = Append(lastLabel, line, end);
            line[end++] = (byte)'}';
        }
        line[end++] = (byte)' ';
        end += NumberText.Write(value, line[end..]);
        if (exemplar is null)
            line[end++] = (byte)'\n';
        _output.Advance(end);
        if (exemplar is not null)
            WriteExemplar(exemplar);
    }

    private void WriteExemplar(Exemplar exemplar)
    {
        Span<byte> number = stackalloc byte[NumberText.MaxLength];
        _output.Write(" # {"u8);
        _output.Write(LabelText.Of(new("trace_id", exemplar.TraceId), new("span_id", exemplar.SpanId)));
        _output.Write("} "u8);
        _output.Write(number[..NumberText.Write(exemplar.Value, number)]);
        _output.Write(" "u8);
        _output.Write(number[..NumberText.Write(Seconds(exemplar.Time), number)]);
        _output.Write("\n"u8);
    }

    private static int Append(ReadOnlySpan<byte> text, Span<byte> line, int at)
    {
        text.CopyTo(line[at..]);
        return at + text.Length;
    }

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static string TypeName(MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Gauge => "gauge",
        MetricType.Histogram => "histogram",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
