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
/// no trailers. Whatever else comes is an error, never guessed at. <paramref name="allowsOdd"/> takes what <see cref="SmugglingTests.Forwarded"/> lists besides.
/// </summary>
internal sealed class StrictReader(Func<int> nextByte, bool allowsOdd = false)
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>All requests up to the end, or to what the proxy must not take.</summary>
    public static List<StrictRequest> ReadAll(byte[] bytes)
    {
        var position = 0;
        var reader = new StrictReader(() => position < bytes.Length ? bytes[position++] : -1, allowsOdd: true);
        var requests = new List<StrictRequest>();
        try
        {
            while (reader.Read() is { } request)
                requests.Add(request);
        }
        catch (NotStrictException)
        {
            // Nothing counts from here on.
        }
        return requests;
    }

    /// <summary>The next request, or null at the end.</summary>
    public StrictRequest? Read()
    {
        var first = nextByte();
        while (allowsOdd && first is ('\r' or '\n'))
            first = nextByte();
        if (first < 0)
            return null;
        var line = Line(first);
        var parts = line.Split(' ', allowsOdd ? StringSplitOptions.RemoveEmptyEntries : StringSplitOptions.None);
        var isOld = allowsOdd && parts is [_, _, "HTTP/1.0"];
        Demand(parts.Length == 3 && IsToken(parts[0]) && parts[1].Length > 0 && parts[1].All(c => c is > ' ' and < '\x7f') && (isOld || parts[2] == "HTTP/1.1"), $"the request line '{line}'");

        var headers = new List<(string Name, string Value)>();
        while (Line(nextByte()) is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            Demand(colon > 0 && (IsToken(header[..colon]) || (allowsOdd && header.AsSpan(0, colon).IndexOfAny(' ', '\t') < 0)), $"the header '{header}'");
            headers.Add((header[..colon], header[(colon + 1)..].Trim(' ', '\t')));
        }
        Demand(Values(headers, "Host").Length == 1 || (isOld && Values(headers, "Host").Length == 0), $"the number of hosts in {string.Join(", ", headers)} of '{line}'");
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
            Demand(coding == "chunked" || (allowsOdd && coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)), $"the coding '{coding}'");
            return Chunks();
        }
        if (lengths is not [var text])
            return "";
        var digits = allowsOdd ? text.TrimStart('+', '-') : text;
        Demand(digits.Length is > 0 and < 9 && digits.All(char.IsAsciiDigit), $"the length '{text}'");
        return Take(int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture));
    }

    private string Chunks()
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = Line(nextByte());
            if (allowsOdd && line.IndexOf(';', StringComparison.Ordinal) is > 0 and var extension)
                line = line[..extension].TrimEnd(' ', '\t');
            Demand(line.Length is > 0 and < 8 && line.All(char.IsAsciiHexDigit), $"the chunk size '{line}'");
            var size = Convert.ToInt32(line, 16);
            body.Append(Take(size));
            while (Line(nextByte()) is var end && end != "")
                Demand(allowsOdd && size == 0, "the end of a chunk");
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

    private string Line(int first)
    {
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
