using System.Globalization;

namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>Writes numbers as both formats want them: the shortest text that reads as the same number.</summary>
internal static class NumberText
{
    public const int MaxLength = 32;

    private const double LargestExact = 1L << 53;

    /// <summary>Returns how many bytes it has written.</summary>
    public static int Write(double value, Span<byte> output)
    {
        int length;
        if (double.IsNaN(value))
            return Copy("NaN"u8, output);
        if (double.IsInfinity(value))
            return Copy(value > 0 ? "+Inf"u8 : "-Inf"u8, output);
        _ = double.IsInteger(value) && Math.Abs(value) < LargestExact
            ? ((long)value).TryFormat(output, out length, default, CultureInfo.InvariantCulture)
            : value.TryFormat(output, out length, "R", CultureInfo.InvariantCulture);
        return length;
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> output)
    {
        text.CopyTo(output);
        return text.Length;
    }
}
