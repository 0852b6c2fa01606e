using System.Text;

namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>Turns the names and units of instruments (OpenTelemetry, UCUM) into those of Prometheus.</summary>
internal static class MetricName
{
    private const string Total = "_total";

    /// <summary>The name of a family: without <c>_total</c>, and with its unit at the end.</summary>
    public static string Of(string instrument, string? unit)
    {
        var name = Clean(instrument);
        if (name.EndsWith(Total, StringComparison.Ordinal))
            name = name[..^Total.Length];
        return unit is null || name.EndsWith($"_{unit}", StringComparison.Ordinal) ? name : $"{name}_{unit}";
    }

    /// <summary>The word for a unit; null for what is merely counted, such as <c>{thread}</c>.</summary>
    public static string? UnitOf(string? unit) => unit switch
    {
        null or "" or "1" => null,
        "s" => "seconds",
        "By" => "bytes",
        _ when unit.StartsWith('{') => null,
        _ => Clean(unit),
    };

    /// <summary>One <c>_</c> in place of any characters that a name cannot have.</summary>
    public static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length + 1);
        foreach (var character in name)
        {
            if (char.IsAsciiLetterOrDigit(character) || character == '_')
                clean.Append(clean.Length == 0 && char.IsAsciiDigit(character) ? "_" : "").Append(character);
            else if (clean.Length == 0 || clean[^1] != '_')
                clean.Append('_');
        }
        return clean.ToString();
    }
}
