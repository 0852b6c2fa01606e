using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Everyport.Proxy.Http.Errors;

/// <summary>Chooses the form of an error by the header <c>Accept</c> (RFC 9110 12.5.1).</summary>
internal static class ErrorForms
{
    /// <summary>Who sends more than this does not care.</summary>
    private const int LongestAccept = 1024;

    /// <summary>In the order in which they are chosen where the client likes all equally. Who asks for JSON gets a problem.</summary>
    private static readonly (ErrorForm Form, MediaTypeHeaderValue Type)[] Offers =
    [
        (ErrorForm.Text, new("text/plain")), (ErrorForm.Problem, new("application/problem+json")), (ErrorForm.Problem, new("application/json")), (ErrorForm.Html, new("text/html")),
    ];

    /// <summary>Text where the client says nothing, and where it takes nothing that there is: that helps it more than no word.</summary>
    public static ErrorForm Choose(StringValues accept)
    {
        if (StringValues.IsNullOrEmpty(accept) || accept.Sum(value => value?.Length ?? 0) > LongestAccept
            || !MediaTypeHeaderValue.TryParseList(accept!, out var ranges))
            return ErrorForm.Text;

        var (best, rank) = (ErrorForm.Text, (Quality: 0.0, Specificity: -1, Earlier: 0));
        foreach (var (form, type) in Offers)
        {
            if (RankOf(type, ranges) is { Quality: > 0 } offered && offered.CompareTo(rank) > 0)
                (best, rank) = (form, offered);
        }
        return best;
    }

    /// <summary>By the most specific range that holds the type; of equal types, the one that comes first.</summary>
    private static (double Quality, int Specificity, int Earlier) RankOf(MediaTypeHeaderValue type, IList<MediaTypeHeaderValue> ranges)
    {
        var rank = (Quality: 0.0, Specificity: -1, Earlier: 0);
        for (var i = 0; i < ranges.Count; i++)
        {
            var range = ranges[i];
            var specificity = range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
            if (specificity > rank.Specificity && type.IsSubsetOf(WithoutQuality(range)))
                rank = (range.Quality ?? 1, specificity, specificity == 0 ? 0 : -i);
        }
        return rank;
    }

    private static MediaTypeHeaderValue WithoutQuality(MediaTypeHeaderValue range) => new(range.MediaType);
}
