using System.Buffers;

namespace Everyport.Proxy.Sniffing;

/// <summary>
/// Host names as they go over the wire: labels of letters, digits, hyphens and underscores (which the DNS allows, and
/// people use), at most 63 bytes each and 253 in all (RFC 1035, section 2.3.4).
/// </summary>
internal static class HostName
{
    private const int MaxLength = 253, MaxLabel = 63;

    private static readonly SearchValues<byte> LabelBytes =
        SearchValues.Create("-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>The name in lower case and without the dot at its end, or null where it is no host name.</summary>
    public static string? Normalize(ReadOnlySpan<byte> name)
    {
        if (name is [.., (byte)'.'])
            name = name[..^1];
        if (name.IsEmpty || name.Length > MaxLength)
            return null;

        for (var rest = name; ;)
        {
            var dot = rest.IndexOf((byte)'.');
            var label = dot < 0 ? rest : rest[..dot];
            if (label.IsEmpty || label.Length > MaxLabel || label[0] == '-' || label[^1] == '-' || label.ContainsAnyExcept(LabelBytes))
                return null;
            if (dot < 0)
                return string.Create(name.Length, name, ToLower);
            rest = rest[(dot + 1)..];
        }
    }

    private static void ToLower(Span<char> lower, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < name.Length; i++)
            lower[i] = char.ToLowerInvariant((char)name[i]);
    }
}
