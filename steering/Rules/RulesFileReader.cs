using System.Text;
using System.Text.Json;

namespace Everyport.Steering.Rules;

/// <summary>
/// Reads a rules file in one pass, without the document in memory: with a hundred thousand rules that document would
/// cost more than all the rest.
/// </summary>
internal sealed class RulesFileReader
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Key, string Message)> _found = [];
    private readonly List<string> _texts = [];
    private readonly List<string> _nearDenySources = [];
    private bool _sawRules, _sawSteering;

    public List<Rule> Rules { get; } = [];

    public List<Prefix> DenySources { get; } = [];

    public List<string> Errors { get; } = [];

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static RulesFileReader Read(ReadOnlySpan<byte> json)
    {
        var file = new RulesFileReader();
        var reader = new Utf8JsonReader(json, Options);
        reader.Read();
        file.ReadSection(ref reader, isRoot: true);
        // Whatever follows the value is no JSON; the reader says so.
        while (reader.Read()) { }
        if (!file._sawRules)
            file.Errors.Insert(0, "Rules: is missing; expected a section of rules by name");
        file.Errors.AddRange(file._nearDenySources);
        return file;
    }

    /// <summary>The whole file, or its section <c>Steering</c>. Keys that are not ours are another program's.</summary>
    private void ReadSection(ref Utf8JsonReader reader, bool isRoot)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = KeyOf(ref reader, ["Steering", "Rules", "DenySources"]);
            reader.Read();
            if (key == "Steering" && isRoot)
                ReadSteering(ref reader);
            else if (key == "Rules" && reader.TokenType == JsonTokenType.StartObject)
                ReadRules(ref reader);
            else if (key == "DenySources")
                ReadDenySources(ref reader);
            else
                SkipOther(key, ref reader, isRoot);
        }
    }

    private void ReadSteering(ref Utf8JsonReader reader)
    {
        // What was beside it is another program's.
        _nearDenySources.Clear();
        _sawSteering = true;
        ReadSection(ref reader, isRoot: false);
    }

    /// <summary>A misspelt 'Rules' is missed; a misspelt 'DenySources' would deny nobody, and nobody would know.</summary>
    private void SkipOther(string key, ref Utf8JsonReader reader, bool isRoot)
    {
        if ((!isRoot || !_sawSteering) && (key.StartsWith("Den", StringComparison.OrdinalIgnoreCase) || key.EndsWith("Sources", StringComparison.OrdinalIgnoreCase)))
            _nearDenySources.Add($"{key}: is an unknown key; expected 'DenySources'");
        reader.Skip();
    }

    private void ReadRules(ref Utf8JsonReader reader)
    {
        _sawRules = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var description = Describe(name, ref reader);
            if (!_names.Add(name))
                Errors.Add($"Rules:{name}: is there twice");
            else if (description.Parse(_found) is { } rule)
                Rules.Add(rule);
            TakeFound($"Rules:{name}:");
        }
    }

    private void ReadDenySources(ref Utf8JsonReader reader)
    {
        foreach (var text in Texts("DenySources", ref reader))
        {
            if (Prefix.TryParse(text, out var prefix, out var error))
                DenySources.Add(prefix);
            else
                _found.Add(("DenySources", error!));
        }
        TakeFound("");
    }

    private void TakeFound(string path)
    {
        foreach (var (key, message) in _found)
            Errors.Add($"{path}{key}: {message}");
        _found.Clear();
    }

    private RuleDescription Describe(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new RuleDescription(name, []);
        }

        string[]? prefixes = null, protocols = null;
        string? ports = null, action = null, service = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = KeyOf(ref reader, ["Prefixes", "Ports", "Protocols", "Action", "Service"]);
            reader.Read();
            switch (key)
            {
                case "Prefixes": prefixes = Texts(key, ref reader); break;
                case "Protocols": protocols = Texts(key, ref reader); break;
                case "Ports": ports = Text(key, ref reader); break;
                case "Action": action = Text(key, ref reader); break;
                case "Service": service = Text(key, ref reader); break;
                default:
                    _found.Add((key, "is an unknown key; expected 'Prefixes', 'Ports', 'Protocols', 'Action' or 'Service'"));
                    reader.Skip();
                    break;
            }
        }
        return new RuleDescription(name, prefixes ?? [], ports, protocols, action, service);
    }

    /// <summary>The key as it is documented, whatever case it is written in; another key as it is.</summary>
    private static string KeyOf(ref Utf8JsonReader reader, scoped ReadOnlySpan<string> known)
    {
        foreach (var key in known)
        {
            if (reader.ValueTextEquals(key))
                return key;
        }
        var text = reader.GetString()!;
        foreach (var key in known)
        {
            if (key.Equals(text, StringComparison.OrdinalIgnoreCase))
                return key;
        }
        return text;
    }

    /// <summary>A list; a single value is a list of one.</summary>
    private string[] Texts(string key, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return Text(key, ref reader) is { } single ? [single] : [];

        _texts.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Text(key, ref reader) is { } text)
                _texts.Add(text);
        }
        return [.. _texts];
    }

    private string? Text(string key, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number:
                return Encoding.UTF8.GetString(reader.ValueSpan);
            case JsonTokenType.Null:
                return null;
            default:
                _found.Add((key, "expected a text in quotes"));
                reader.Skip();
                return null;
        }
    }
}
