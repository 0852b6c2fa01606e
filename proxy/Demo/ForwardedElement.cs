namespace Everyport.Proxy.Demo;

/// <summary>The pairs of a <c>Forwarded</c> header with one element (RFC 7239, section 4), as this proxy writes it.</summary>
internal static class ForwardedElement
{
    public static IReadOnlyDictionary<string, string> Parse(string header) =>
        header.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First()[1].Trim('"'), StringComparer.OrdinalIgnoreCase);
}
