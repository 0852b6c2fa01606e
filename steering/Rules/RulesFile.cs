using System.Text.Json;

namespace Everyport.Steering.Rules;

/// <summary>
/// Rules in a JSON file, in the form that <c>Steering</c> has in appsettings.json:
/// <c>{ "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"], "Ports": "80,443" } } }</c>, alone or as the section
/// <c>Steering</c> of a larger file. Comments and trailing commas are allowed.
/// </summary>
public static class RulesFile
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads and validates. Every error is listed, each with its path.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, out Ruleset ruleset, out IReadOnlyList<string> errors)
    {
        ruleset = Ruleset.Empty;
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            var found = new List<string>();
            var rules = Read(document.RootElement, found);
            errors = found;
            if (found.Count > 0)
                return false;
            return Ruleset.TryCreate(rules, out ruleset, out errors);
        }
        catch (JsonException e)
        {
            errors = [$"is not JSON: {e.Message}"];
            return false;
        }
    }

    private static List<Rule> Read(JsonElement root, List<string> errors)
    {
        var rules = new List<Rule>();
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("Steering", out var steering))
            root = steering;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("Rules", out var section) || section.ValueKind != JsonValueKind.Object)
        {
            errors.Add("Rules: is missing; expected a section of rules by name");
            return rules;
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in section.EnumerateObject())
        {
            var path = $"Rules:{entry.Name}";
            if (!names.Add(entry.Name))
                errors.Add($"{path}: is there twice");
            else if (Describe(entry, path, errors) is { } description && Parse(description, path, errors) is { } rule)
                rules.Add(rule);
        }
        return rules;
    }

    private static Rule? Parse(RuleDescription description, string path, List<string> errors)
    {
        var found = new List<(string Key, string Message)>();
        var rule = description.Parse(found);
        errors.AddRange(found.Select(error => $"{path}:{error.Key}: {error.Message}"));
        return rule;
    }

    private static RuleDescription? Describe(JsonProperty entry, string path, List<string> errors)
    {
        if (entry.Value.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"{path}: expected a section with 'Prefixes'");
            return null;
        }

        var description = new RuleDescription(entry.Name, []);
        foreach (var property in entry.Value.EnumerateObject())
        {
            var key = $"{path}:{property.Name}";
            switch (property.Name.ToUpperInvariant())
            {
                case "PREFIXES": description = description with { Prefixes = Texts(property.Value, key, errors) }; break;
                case "PROTOCOLS": description = description with { Protocols = Texts(property.Value, key, errors) }; break;
                case "PORTS": description = description with { Ports = Text(property.Value, key, errors) }; break;
                case "ACTION": description = description with { Action = Text(property.Value, key, errors) }; break;
                case "SERVICE": description = description with { Service = Text(property.Value, key, errors) }; break;
                default: errors.Add($"{key}: is an unknown key; expected 'Prefixes', 'Ports', 'Protocols', 'Action' or 'Service'"); break;
            }
        }
        return description;
    }

    private static List<string> Texts(JsonElement value, string path, List<string> errors)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return Text(value, path, errors) is { } single ? [single] : [];
        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (Text(item, path, errors) is { } text)
                texts.Add(text);
        }
        return texts;
    }

    private static string? Text(JsonElement value, string path, List<string> errors)
    {
        if (value.ValueKind is JsonValueKind.String)
            return value.GetString();
        if (value.ValueKind is JsonValueKind.Number)
            return value.GetRawText();
        if (value.ValueKind is not JsonValueKind.Null)
            errors.Add($"{path}: expected a text in quotes");
        return null;
    }
}
