using System.Text.Json.Nodes;

namespace Everyport.Proxy.Configuration.Schema;

/// <summary>Writes shapes as JSON schema.</summary>
internal sealed class SchemaWriter(IReadOnlyDictionary<string, string> descriptions)
{
    /// <summary>What tells the clusters of streams from those of HTTP: any destination of theirs.</summary>
    private const string IsStreamCluster =
        """{ "required": ["Destinations"], "properties": { "Destinations": { "not": { "additionalProperties": { "properties": { "Address": { "not": { "pattern": "^(tcp|tls|udp)://" } } } } } } } }""";

    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);

    /// <summary>The schema of a whole file.</summary>
    public JsonObject Write(SectionShape root, string dialect)
    {
        var content = WriteSection(root, "");
        var schema = new JsonObject
        {
            ["$schema"] = dialect,
            ["title"] = "Everyport",
            ["description"] = "The configuration file of Everyport. Comments and trailing commas are allowed in it.",
        };
        foreach (var (key, value) in content)
            schema[key] = value?.DeepClone();
        schema["$defs"] = new JsonObject(_definitions.Select(definition => KeyValuePair.Create(definition.Key, (JsonNode?)definition.Value)));
        return schema;
    }

    private JsonObject WriteSection(SectionShape section, string path)
    {
        var schema = new JsonObject { ["type"] = "object" };
        var properties = new JsonObject();
        foreach (var (name, key) in section.Keys)
            properties[name] = WriteKey(key, path.Length == 0 ? name : $"{path}:{name}");
        if (properties.Count > 0)
            schema["properties"] = properties;
        string[] required = [.. section.Keys.Where(key => key.Value.IsRequired).Select(key => key.Key)];
        if (required.Length > 0)
            schema["required"] = new JsonArray([.. required.Select(key => (JsonNode)key)]);
        if (section.IsClosed)
            schema["additionalProperties"] = false;
        return schema;
    }

    private JsonObject WriteKey(KeyShape key, string path)
    {
        var schema = new JsonObject();
        if (descriptions.TryGetValue(path, out var description))
            schema["description"] = description;
        foreach (var (name, value) in Content(key, path))
            schema.TryAdd(name, value?.DeepClone());
        if (!key.IsRequired && key.Default is { } fallback)
            schema["default"] = fallback.DeepClone();
        return schema;
    }

    private JsonObject Content(KeyShape key, string path) =>
        key.Form is { } form ? key.IsList ? OneOrMore(Refer(form)) : Refer(form)
        : key.IsList ? new JsonObject { ["type"] = "array", ["items"] = WriteSection(key.Section!, $"{path}:*") }
        : key.Entries.Count > 0 ? new JsonObject { ["type"] = "object", ["additionalProperties"] = WriteEntry(key.Entries, $"{path}:*") }
        : key.Section is { } section ? WriteSection(section, path)
        : [];

    /// <summary>An entry of one kind, or of HTTP clusters and those of streams.</summary>
    private JsonObject WriteEntry(IReadOnlyDictionary<string, SectionShape> kinds, string path) =>
        kinds.Count == 1 ? WriteSection(kinds.Values.Single(), path) : new JsonObject
        {
            ["if"] = JsonNode.Parse(IsStreamCluster),
            ["then"] = WriteSection(kinds[StreamClusterReader.Kind], path),
            ["else"] = WriteSection(kinds[HttpReader.Kind], path),
        };

    /// <summary>A list of one need not be written as a list.</summary>
    private static JsonObject OneOrMore(JsonObject item) => new()
    {
        ["anyOf"] = new JsonArray(item, new JsonObject { ["type"] = "array", ["items"] = item.DeepClone() }),
    };

    private JsonObject Refer(ValueForm form)
    {
        if (form.Inner is { } inner)
            Refer(inner);
        if (form.Name is { } name)
            _definitions.TryAdd(name, form.Schema.DeepClone().AsObject());
        return form.Reference();
    }
}
