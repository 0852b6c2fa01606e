using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Everyport.Proxy.Admin;

/// <summary>The token that lets somebody use the admin host. Only its hash is kept, so that nothing that is logged or dumped can show it.</summary>
internal sealed class AdminToken
{
    /// <summary>What is shorter can be guessed by who has the time.</summary>
    public const int LeastLength = 16;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    private readonly byte[] _hash;

    private AdminToken(string token) => _hash = SHA256.HashData(Encoding.ASCII.GetBytes(token));

    /// <summary>Takes what may stand in a header of HTTP (RFC 6750, section 2.1), or says what is wrong with it; does not repeat it.</summary>
    public static bool TryParse(string text, out AdminToken? token, out string? error)
    {
        error = text.AsSpan().ContainsAnyExcept(Allowed) ? "holds characters that a token cannot have; expected letters, digits and -._~+/="
            : text.Length < LeastLength ? $"has {text.Length} characters, and could be guessed; expected {LeastLength} or more, such as 'openssl rand -hex 24' makes"
            : null;
        token = error is null ? new AdminToken(text) : null;
        return error is null;
    }

    /// <summary>Takes as long for any guess: a time that depends on it would tell how good it is.</summary>
    public bool Matches(ReadOnlySpan<char> shown)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(shown)];
        Encoding.UTF8.GetBytes(shown, bytes);
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(bytes), _hash);
    }
}
