using System.Buffers.Text;
using System.Text;

namespace Everyport.Proxy.Admin.Access;

/// <summary>
/// Finds the token in a request: <c>Authorization: Bearer TOKEN</c> (RFC 6750), or the password of <c>Basic</c> (RFC 7617), which browsers
/// ask people for by themselves.
/// </summary>
internal static class Credentials
{
    /// <summary>What tells a client how to show the token.</summary>
    public static readonly string[] Challenges = ["Bearer realm=\"everyport\"", "Basic realm=\"everyport\", charset=\"UTF-8\""];

    private const string Bearer = "Bearer ", Basic = "Basic ";

    /// <summary>Whether the header shows the token.</summary>
    public static bool Show(string? authorization, AdminToken token) =>
        authorization is not null
        && (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? token.Matches(authorization.AsSpan(Bearer.Length).Trim())
            : authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) && PasswordOf(authorization.AsSpan(Basic.Length).Trim()) is { } password && token.Matches(password));

    private static string? PasswordOf(ReadOnlySpan<char> encoded)
    {
        if (!Base64.IsValid(encoded))
            return null;
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(encoded.ToString()));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }
}
