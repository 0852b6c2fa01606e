using System.Globalization;

namespace Everyport.Proxy.Http.Routing;

/// <summary>An item of <c>Match:Hosts</c>: a name, <c>*.name</c> for all names below it, or <c>*</c>; with or without a port.</summary>
/// <param name="Name">In lower case; of a wildcard, what a name has to end with: <c>.example.com</c>. Empty for every host.</param>
/// <param name="IsWildcard">Whether it stands for the names below one.</param>
/// <param name="Port">Null for every port.</param>
internal readonly record struct HostPattern(string Name, bool IsWildcard, int? Port)
{
    public static HostPattern Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']');
        var name = (hasPort ? text[..colon] : text).ToLowerInvariant();
        int? port = hasPort && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return name is "*" or "" ? new HostPattern("", false, port)
            : name.StartsWith("*.", StringComparison.Ordinal) ? new HostPattern(name[1..], true, port)
            : new HostPattern(name, false, port);
    }

    /// <summary>A name goes before a wildcard, a longer wildcard before a shorter one, and both before one for every host; then the one with a port.</summary>
    public (int Name, bool HasPort) Specificity => (Name.Length == 0 ? 0 : IsWildcard ? Name.Length : int.MaxValue, Port is not null);

    /// <summary>Whether it takes all that a name, or a wildcard, stands for at a port, or at every port that no pattern names.</summary>
    public bool Covers(in HostPattern other) =>
        (Port is null || Port == other.Port)
        && (Name.Length == 0 || Name == other.Name && IsWildcard == other.IsWildcard || IsWildcard && other.Name.Length > Name.Length && other.Name.EndsWith(Name, StringComparison.Ordinal));
}
