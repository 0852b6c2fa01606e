using System.Globalization;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// The scalar values under <c>ReverseProxy</c>, read as YARP reads them: it throws at what it cannot read, and does
/// not say where that is.
/// </summary>
internal static class YarpValues
{
    public static bool IsScalar(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(Version) || type == typeof(Uri);

    /// <summary>Whether YARP can read the text as a value of the type.</summary>
    public static bool CanRead(string text, Type type) =>
        type == typeof(string)
        || (type == typeof(bool) ? bool.TryParse(text, out _)
            : type == typeof(Uri) ? Uri.TryCreate(text, UriKind.Absolute, out _)
            // "2" is version 2.0; "5" would be five days.
            : type == typeof(Version) ? Version.TryParse(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0", out _)
            : type == typeof(TimeSpan) ? text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out _)
            : type.IsEnum ? !char.IsAsciiDigit(text[0]) && Enum.TryParse(type, text, ignoreCase: true, out _)
            : type == typeof(int) ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));

    /// <summary>What a value of the type looks like, for messages.</summary>
    public static string Expectation(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(name => $"'{name}'"))}"
        : type == typeof(bool) ? "'true' or 'false'"
        : type == typeof(Uri) ? "a URL such as 'http://proxy.example.com:3128'"
        : type == typeof(TimeSpan) ? "a time span such as '00:00:15'"
        : type == typeof(Version) ? "a version such as '2' or '1.1'"
        : "a number";
}
