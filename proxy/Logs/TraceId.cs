using System.Diagnostics;
using System.Globalization;

namespace Everyport.Proxy.Logs;

/// <summary>The number under which all programs that a request passes know it (W3C Trace Context); zero is none.</summary>
internal readonly record struct TraceId(UInt128 Number)
{
    /// <summary>Hexadecimal digits of its text form.</summary>
    public const int Digits = 32;

    /// <summary>Before it in <c>traceparent</c> comes a version of two digits, after it a parent of 16, and flags of two.</summary>
    private const int Start = 3, Length = 55;

    public bool IsNone => Number == 0;

    public static TraceId Of(Activity activity) => FromDigits(activity.TraceId.ToHexString());

    /// <summary>Reads the header <c>traceparent</c>; what cannot be read is none.</summary>
    public static TraceId FromHeader(ReadOnlySpan<char> header)
    {
        var isWhole = header.Length >= Length && header[Start - 1] == '-' && header[Start + Digits] == '-' && !header.StartsWith("ff", StringComparison.OrdinalIgnoreCase);
        return isWhole ? FromDigits(header.Slice(Start, Digits)) : default;
    }

    private static TraceId FromDigits(ReadOnlySpan<char> digits) =>
        UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? new(number) : default;

    public override string ToString() => Number.ToString("x32", CultureInfo.InvariantCulture);
}
