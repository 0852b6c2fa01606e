using System.Text;
using System.Text.Json;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Checks the text of a configuration file for what .NET does not tell, or not in which line: what is no JSON, and keys that are there
/// twice. Of two sections with one name it would make one, without a word.
/// </summary>
internal static class JsonText
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="FormatException">It is not JSON.</exception>
    public static void Check(ReadOnlySpan<byte> json, ConfigurationErrors errors)
    {
        json = json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            FindDuplicates(ref reader, json, errors);
        }
        catch (JsonException e)
        {
            // Both numbers count from 0; the end of the message repeats them.
            var message = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw new FormatException($"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {message}.", e);
        }
    }

    private static void FindDuplicates(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ConfigurationErrors errors)
    {
        var objects = new Stack<Dictionary<string, int>>();
        var path = new List<string>();
        var (line, counted) = (1, 0);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    objects.Push(new(StringComparer.OrdinalIgnoreCase));
                    path.Add("");
                    break;
                case JsonTokenType.EndObject:
                    objects.Pop();
                    path.RemoveAt(path.Count - 1);
                    break;
                case JsonTokenType.PropertyName:
                    var key = path[^1] = reader.GetString()!;
                    line += json[counted..(int)reader.TokenStartIndex].Count((byte)'\n');
                    counted = (int)reader.TokenStartIndex;
                    if (!objects.Peek().TryAdd(key, line))
                        errors.Add(string.Join(':', path), $"is there twice, in {Lines(objects.Peek()[key], line)}; remove one of them");
                    break;
            }
        }
    }

    private static string Lines(int first, int second) => first == second ? $"line {first}" : $"line {first} and line {second}";
}
