using System.Buffers;
using System.Text;

namespace Everyport.Proxy.Logs.Formats;

/// <summary>
/// Text of others in a line for people: printable ASCII stays as it is, everything else and the backslash becomes
/// <c>\xXX</c> for each byte of its UTF-8, and so does the quotation mark, so that it may stand between two of them. No control
/// character reaches a terminal, and no line break a file.
/// </summary>
internal static class PlainText
{
    private const string Hexadecimal = "0123456789abcdef";

    private static readonly SearchValues<char> Printable =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(character => character is not ('"' or '\\'))]);

    public static void AppendPlain(this Line line, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(Printable);
            plain = plain < 0 ? text.Length : plain;
            Encoding.ASCII.GetBytes(text[..plain], line.GetSpan(plain));
            line.Advance(plain);
            text = text[plain..];
            if (!text.IsEmpty)
                text = text[line.AppendEscaped(text)..];
        }
    }

    /// <summary>Writes the first character in another form, and returns how many units it has.</summary>
    private static int AppendEscaped(this Line line, ReadOnlySpan<char> text)
    {
        // Half a surrogate pair is replaced.
        Rune.DecodeFromUtf16(text, out var character, out var units);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in bytes[..character.EncodeToUtf8(bytes)])
            line.Append([(byte)'\\', (byte)'x', (byte)Hexadecimal[value >> 4], (byte)Hexadecimal[value & 15]]);
        return units;
    }
}
