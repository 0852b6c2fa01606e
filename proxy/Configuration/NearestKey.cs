namespace Everyport.Proxy.Configuration;

/// <summary>Finds the key that was probably meant.</summary>
internal static class NearestKey
{
    /// <summary>The message for an unknown key.</summary>
    public static string Unknown(string key, IReadOnlyCollection<string> known) => $"is an unknown key; {Suggestion(key, known)}";

    /// <summary>What to write instead of it: the one that was probably meant, or any of those that there are.</summary>
    public static string Suggestion(string key, IReadOnlyCollection<string> known)
    {
        var nearest = known.MinBy(candidate => Distance(key, candidate));
        return nearest is not null && Distance(key, nearest) <= Math.Max(2, key.Length / 3)
            ? $"did you mean '{nearest}'?"
            : $"expected {string.Join(", ", known.Order().Select(candidate => $"'{candidate}'"))}";
    }

    /// <summary>The Levenshtein distance, letters compared without case.</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
