using System.Text.Json;

namespace Everyport.Proxy.Configuration;

/// <summary>Tells which keys of a JSON text are there twice, and in which lines.</summary>
internal static class JsonDuplicates
{
    public static void Report(ReadOnlySpan<byte> json, JsonReaderOptions options, ConfigurationErrors errors)
    {
        var reader = new Utf8JsonReader(json, options);
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
