using System.Globalization;

namespace Everyport.Steering.Inspection;

/// <summary>Reads the small files by which the kernel tells of itself.</summary>
public static class ProcFile
{
    /// <summary>Empty where it cannot be read.</summary>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>A number; null where there is none.</summary>
    public static long? Number(string path) => long.TryParse(Read(path).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>What follows a key such as <c>CapEff:</c> in its line.</summary>
    public static string? Field(string text, string key)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(key);
        return text.Split('\n').FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim();
    }

    /// <summary>Of <c>none [integrity] confidentiality</c>, what is in brackets.</summary>
    public static string? Chosen(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('[', ']') is [_, var chosen, _] ? chosen : null;
    }

    /// <summary>A line of <c>/proc/self/limits</c>: name, soft limit, hard limit.</summary>
    public static long HardLimit(string name) =>
        Field(Read("/proc/self/limits"), name)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var hard, ..] && long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue;
}
