using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Everyport.Proxy.Metrics.Exposition;

/// <summary>Chooses the format that a client prefers (RFC 9110, section 12.5.1). Who wants neither gets the text format.</summary>
internal static class FormatNegotiation
{
    public static ExpositionFormat Choose(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var ranges))
            return ExpositionFormat.Text;
        var (openMetrics, isNamed) = Best(ranges, "application", "openmetrics-text", "1.0.0");
        var (text, _) = Best(ranges, "text", "plain", "0.0.4");
        // Whoever takes anything gets what people can read as well.
        return openMetrics > text || isNamed && openMetrics > 0 && openMetrics.Equals(text) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
    }

    public static string ContentType(ExpositionFormat format) => format == ExpositionFormat.OpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Whether an <c>Accept-Encoding</c> lets the answer be compressed by gzip.</summary>
    public static bool AllowsGzip(StringValues acceptEncoding) =>
        StringWithQualityHeaderValue.TryParseList([.. acceptEncoding.OfType<string>()], out var codings)
        && codings.Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality is not 0);

    /// <summary>The weight of the most specific range that takes a format, and whether that names it.</summary>
    private static (double Weight, bool IsNamed) Best(IList<MediaTypeHeaderValue> ranges, string type, string subtype, string version)
    {
        var (weight, specificity) = (0.0, -1);
        foreach (var range in ranges)
        {
            var matched = !range.Type.Equals(type, StringComparison.OrdinalIgnoreCase) ? (range.MatchesAllTypes ? 0 : -1)
                : range.MatchesAllSubTypes ? 1
                : !range.SubType.Equals(subtype, StringComparison.OrdinalIgnoreCase) ? -1
                : VersionOf(range) is not { } wanted ? 2
                : wanted == version ? 3 : -1;
            var quality = range.Quality ?? 1;
            if (matched > specificity || matched >= 0 && matched == specificity && quality > weight)
                (weight, specificity) = (quality, matched);
        }
        return (weight, specificity >= 2);
    }

    private static string? VersionOf(MediaTypeHeaderValue range) =>
        range.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().ToString();
}
