using System.Text;

namespace Everyport.EndToEnd.Tests.Security;

/// <summary>A request of HTTP/1.1 as a strict server reads it.</summary>
internal sealed record StrictRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public string? Header(string name) => Headers.SingleOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>In the way that a failed test is easy to read.</summary>
    public override string ToString() => $"{Method} {Target} with {Body.Length} bytes ({string.Join(", ", Headers.Select(header => $"{header.Name}: {header.Value}"))})";
}

/// <summary>The bytes are not what a strict server takes.</summary>
internal sealed class NotStrictException(string message) : Exception(message);

/// <summary>
/// Reads requests as strictly as RFC 9112 can be read: CR LF and one space everywhere, one way to tell the length, no chunk extensions,
/// no trailers. Whatever else comes is an error, never guessed at.
/// </summary>
internal sealed class StrictReader(Func<int> nextByte)
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static StrictReader Of(byte[] bytes)
    {
        var position = 0;
        return new StrictReader(() => position < bytes.Length ? bytes[position++] : -1);
    }

    /// <summary>The next request, or null at the end.</summary>
    public StrictRequest? Read()
    {
        if (Line(mayEnd: true) is not { } line)
            return null;
        var parts = line.Split(' ');
        Demand(parts.Length == 3 && IsToken(parts[0]) && parts[1].Length > 0 && parts[1].All(c => c is > ' ' and < '\x7f') && parts[2] == "HTTP/1.1", $"the request line '{line}'");

        var headers = new List<(string Name, string Value)>();
        while (Line() is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            Demand(colon > 0 && IsToken(header[..colon]), $"the header '{header}'");
            headers.Add((header[..colon], header[(colon + 1)..].Trim(' ', '\t')));
        }
        Demand(Values(headers, "Host").Length == 1, "the number of hosts");
        return new StrictRequest(parts[0], parts[1], headers, Body(Values(headers, "Content-Length"), Values(headers, "Transfer-Encoding")));
    }

    private static string[] Values(List<(string Name, string Value)> headers, string name) =>
        [.. from header in headers where header.Name.Equals(name, StringComparison.OrdinalIgnoreCase) select header.Value];

    private static bool IsToken(string text) => text.Length > 0 && text.All(TokenCharacters.Contains);

    private static void Demand(bool good, string what)
    {
        if (!good)
            throw new NotStrictException($"{what} is not good");
    }

    private string Body(string[] lengths, string[] codings)
    {
        Demand(lengths.Length + codings.Length <= 1, "the number of lengths");
        if (codings is [var coding])
        {
            Demand(coding == "chunked", $"the coding '{coding}'");
            return Chunks();
        }
        if (lengths is not [var text])
            return "";
        Demand(text.Length is > 0 and < 9 && text.All(char.IsAsciiDigit), $"the length '{text}'");
        return Take(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
    }

    private string Chunks()
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = Line()!;
            Demand(line.Length is > 0 and < 8 && line.All(char.IsAsciiHexDigit), $"the chunk size '{line}'");
            var size = Convert.ToInt32(line, 16);
            body.Append(Take(size));
            Demand(Line() == "", "the end of a chunk");
            if (size == 0)
                return body.ToString();
        }
    }

    private string Take(int count)
    {
        var text = new StringBuilder(count);
        for (var i = 0; i < count; i++)
            text.Append((char)Next());
        return text.ToString();
    }

    private string? Line(bool mayEnd = false)
    {
        var first = nextByte();
        if (first < 0 && mayEnd)
            return null;
        var line = new StringBuilder();
        for (var next = first; ; next = nextByte())
        {
            Demand(next >= 0, "a line that is cut off");
            Demand(next is not '\n' and not '\0', "a line without its CR LF");
            if (next == '\r')
                break;
            line.Append((char)next);
        }
        Demand(Next() == '\n', "a CR without its LF");
        return line.ToString();
    }

    private int Next()
    {
        var next = nextByte();
        Demand(next >= 0, "a body that is cut off");
        return next;
    }
}
