namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>The boundaries of a histogram, in ascending order, and how they are written.</summary>
internal sealed class HistogramBounds
{
    private readonly double[] _values;
    private readonly byte[][] _text, _openMetrics;

    public HistogramBounds(IEnumerable<double> values)
    {
        _values = [.. values];
        double[] all = [.. _values, double.PositiveInfinity];
        _text = Array.ConvertAll(all, value => Label(value, isFloat: false));
        // OpenMetrics wants each boundary written in one way: 1.0, not 1.
        _openMetrics = Array.ConvertAll(all, value => Label(value, isFloat: true));
    }

    /// <summary>How many counts there are: one more than boundaries.</summary>
    public int Count => _values.Length + 1;

    /// <summary>The count that a measurement belongs to.</summary>
    public int IndexOf(double value)
    {
        var index = 0;
        while (index < _values.Length && !(value <= _values[index]))
            index++;
        return index;
    }

    /// <summary>The label <c>le</c> for a count.</summary>
    public ReadOnlySpan<byte> LabelOf(int index, ExpositionFormat format) => (format == ExpositionFormat.OpenMetrics ? _openMetrics : _text)[index];

    private static byte[] Label(double value, bool isFloat)
    {
        Span<byte> number = stackalloc byte[NumberText.MaxLength];
        var length = NumberText.Write(value, number);
        var text = number[..length];
        var isWhole = isFloat && double.IsFinite(value) && text.IndexOfAny((byte)'.', (byte)'E') < 0;
        return [.. "le=\""u8, .. text, .. isWhole ? ".0"u8 : [], (byte)'"'];
    }
}
