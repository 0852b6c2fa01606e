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
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("Steering", out var steering))
                root = steering;
            var rules = ReadRules(root, found);
            var denySources = ReadDenySources(root, found);
            errors = found;
            return found.Count == 0 && Ruleset.TryCreate(rules, denySources, out ruleset, out errors);
        }
        catch (JsonException e)
        {
            errors = [$"is not JSON: {e.Message}"];
            return false;
        }
    }

    private static List<Rule> ReadRules(JsonElement root, List<string> errors)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("Rules", out var section) || section.ValueKind != JsonValueKind.Object)
        {
            errors.Add("Rules: is missing; expected a section of rules by name");
            return [];
        }

        var count = section.GetPropertyCount();
        var rules = new List<Rule>(count);
        var names = new HashSet<string>(count, StringComparer.OrdinalIgnoreCase);
        var found = new List<(string Key, string Message)>();
        foreach (var entry in section.EnumerateObject())
        {
            var name = entry.Name;
            if (!names.Add(name))
                errors.Add($"Rules:{name}: is there twice");
            else if (Describe(name, entry.Value, found).Parse(found) is { } rule)
                rules.Add(rule);

            errors.AddRange(found.Select(error => $"Rules:{name}:{error.Key}: {error.Message}"));
            found.Clear();
        }
        return rules;
    }

    private static List<Prefix> ReadDenySources(JsonElement root, List<string> errors)
    {
        var prefixes = new List<Prefix>();
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("DenySources", out var list))
            return prefixes;
        var found = new List<(string Key, string Message)>();
        foreach (var text in Texts(list, "DenySources", found))
        {
            if (Prefix.TryParse(text, out var prefix, out var error))
                prefixes.Add(prefix);
            else
                found.Add(("DenySources", error!));
        }
        errors.AddRange(found.Select(error => $"{error.Key}: {error.Message}"));
        return prefixes;
    }

    private static RuleDescription Describe(string name, JsonElement rule, List<(string Key, string Message)> errors)
    {
        if (rule.ValueKind != JsonValueKind.Object)
        {
            return new RuleDescription(name, []);
        }

        string[]? prefixes = null, protocols = null;
        string? ports = null, action = null, service = null;
        foreach (var property in rule.EnumerateObject())
        {
            var key = property.Name;
            if (key.Equals("Prefixes", StringComparison.OrdinalIgnoreCase))
                prefixes = Texts(property.Value, key, errors);
            else if (key.Equals("Ports", StringComparison.OrdinalIgnoreCase))
                ports = Text(property.Value, key, errors);
            else if (key.Equals("Protocols", StringComparison.OrdinalIgnoreCase))
                protocols = Texts(property.Value, key, errors);
            else if (key.Equals("Action", StringComparison.OrdinalIgnoreCase))
                action = Text(property.Value, key, errors);
            else if (key.Equals("Service", StringComparison.OrdinalIgnoreCase))
                service = Text(property.Value, key, errors);
            else
                errors.Add((key, "is an unknown key; expected 'Prefixes', 'Ports', 'Protocols', 'Action' or 'Service'"));
        }
        return new RuleDescription(name, prefixes ?? [], ports, protocols, action, service);
    }

    private static string[] Texts(JsonElement value, string key, List<(string Key, string Message)> errors)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return Text(value, key, errors) is { } single ? [single] : [];
        var texts = new string[value.GetArrayLength()];
        var next = 0;
        foreach (var item in value.EnumerateArray())
            texts[next++] = Text(item, key, errors) ?? "";
        return texts;
    }

    private static string? Text(JsonElement value, string key, List<(string Key, string Message)> errors)
    {
        if (value.ValueKind is JsonValueKind.String)
            return value.GetString();
        if (value.ValueKind is JsonValueKind.Number)
            return value.GetRawText();
        if (value.ValueKind is not JsonValueKind.Null)
            errors.Add((key, "expected a text in quotes"));
        return null;
    }
}
