using System.Globalization;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads a share of something: <c>20%</c> or <c>0.2</c>.</summary>
internal static class ShareParser
{
    public static bool TryParse(string text, out double share, out string? error)
    {
        var trimmed = text.Trim();
        var percent = trimmed.EndsWith('%');
        var good = double.TryParse(percent ? trimmed[..^1] : trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share);
        if (percent)
            share /= 100;
        good = good && share is > 0 and <= 1;
        error = good ? null : $"'{text}' is not a share above zero, such as '20%' or '0.2'";
        return good;
    }
}
