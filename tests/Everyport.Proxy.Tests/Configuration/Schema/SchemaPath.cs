using System.Text.Json.Nodes;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Configuration.Schema;

namespace Everyport.Proxy.Tests.Configuration.Schema;

/// <summary>A key of the schema, and where it is.</summary>
/// <param name="Text">As in the descriptions.</param>
/// <param name="Key">What is there.</param>
/// <param name="IsOfStreams">Whether it is in a cluster of streams.</param>
internal sealed record SchemaPath(string Text, KeyShape Key, bool IsOfStreams)
{
    public string Name => Text[(Text.LastIndexOf(':') + 1)..];

    /// <summary>All of them.</summary>
    public static IEnumerable<SchemaPath> All() => Of(ConfigurationSchema.Describe(), "", false);

    /// <summary>A configuration that has this at the key, and beside it only what tells of which kind the cluster is.</summary>
    public JsonObject Build(JsonNode value, bool asItem = false)
    {
        var content = asItem && Key.IsList ? new JsonArray(value) : value;
        var parts = Text.Split(':');
        for (var i = parts.Length - 1; i >= 0; i--)
        {
            content = parts[i] != "*" ? new JsonObject { [parts[i]] = content }
                : parts[i - 1] is "Headers" or "QueryParameters" or "Transforms" && parts[0] == "ReverseProxy" ? new JsonArray(content)
                : new JsonObject { ["any"] = content };
        }
        var root = content.AsObject();
        if (Text.StartsWith("ReverseProxy:Clusters:*:", StringComparison.Ordinal))
            AddAddress(root["ReverseProxy"]!["Clusters"]!["any"]!.AsObject());
        return root;
    }

    private void AddAddress(JsonObject cluster)
    {
        if (cluster["Destinations"] is null)
            cluster["Destinations"] = new JsonObject();
        if (cluster["Destinations"] is JsonObject destinations)
            destinations["other"] = new JsonObject { ["Address"] = IsOfStreams ? "tcp://192.0.2.1:1" : "http://192.0.2.1/" };
    }

    private static IEnumerable<SchemaPath> Of(SectionShape section, string path, bool isOfStreams)
    {
        foreach (var (name, key) in section.Keys)
        {
            var here = path.Length == 0 ? name : $"{path}:{name}";
            yield return new SchemaPath(here, key, isOfStreams);
            if (key.Section is { } inner)
            {
                foreach (var found in Of(inner, key.IsList ? $"{here}:*" : here, isOfStreams))
                    yield return found;
            }
            foreach (var (kind, entry) in key.Entries)
            {
                foreach (var found in Of(entry, $"{here}:*", isOfStreams || kind == StreamClusterReader.Kind))
                    yield return found;
            }
        }
    }
}
