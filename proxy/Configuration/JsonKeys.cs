using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Reads JSON into keys and values as .NET's provider does, but in one pass: a configuration may have a hundred thousand of them. Unlike
/// it, tells of keys that are there twice: of two sections with one name .NET would make one, without a word.
/// </summary>
internal static class JsonKeys
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="FormatException">It is not JSON.</exception>
    public static KeyNode Read(ReadOnlySpan<byte> json, ConfigurationErrors errors)
    {
        json = json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new FormatException("the top level is not an object; expected sections in braces.");
            var (root, names, isTwice) = (new KeyNode("", null), new NameCache(), false);
            ReadObject(ref reader, root, names, ref isTwice);
            // Whatever follows the object is no JSON; the reader says so.
            while (reader.Read()) { }
            if (isTwice)
                JsonDuplicates.Report(json, Options, errors);
            return root;
        }
        catch (JsonException e)
        {
            // Both numbers count from 0; the end of the message repeats them.
            var message = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw new FormatException($"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {message}.", e);
        }
        catch (InvalidOperationException e)
        {
            // The reader's word for text that is no valid UTF-8.
            throw new FormatException(e.Message, e);
        }
    }

    private static void ReadObject(ref Utf8JsonReader reader, KeyNode node, NameCache names, ref bool isTwice)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = names.Read(in reader);
            var child = node.Child(key);
            isTwice |= child is not null;
            // A colon in a key stands for a section.
            child ??= key.Contains(':', StringComparison.Ordinal) ? node.AddAll(key) : node.Add(key);
            reader.Read();
            ReadValue(ref reader, child, names, ref isTwice);
        }
    }

    private static void ReadValue(ref Utf8JsonReader reader, KeyNode node, NameCache names, ref bool isTwice)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(ref reader, node, names, ref isTwice);
                break;
            case JsonTokenType.StartArray:
                var index = 0;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var item = index++.ToString(CultureInfo.InvariantCulture);
                    ReadValue(ref reader, node.Child(item) ?? node.Add(item), names, ref isTwice);
                }
                if (index == 0)
                    node.Value = "";
                break;
            case JsonTokenType.String:
                node.Value = reader.GetString();
                break;
            case JsonTokenType.Number:
                node.Value = Encoding.UTF8.GetString(reader.ValueSpan);
                break;
            case JsonTokenType.True:
                node.Value = bool.TrueString;
                break;
            case JsonTokenType.False:
                node.Value = bool.FalseString;
                break;
        }
    }

    /// <summary>The same few names are in thousands of sections: each is one string.</summary>
    private sealed class NameCache
    {
        private const int Most = 256, Longest = 64;

        private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _names = new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        public string Read(in Utf8JsonReader reader)
        {
            if (reader.ValueSpan.Length > Longest)
                return reader.GetString()!;
            Span<char> text = stackalloc char[Longest];
            text = text[..reader.CopyString(text)];
            if (_names.TryGetValue(text, out var known))
                return known;
            var name = text.ToString();
            if (_names.Set.Count < Most)
                _names.Set.Add(name);
            return name;
        }
    }
}
