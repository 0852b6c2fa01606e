using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Everyport.Proxy.Configuration.Schema;

/// <summary>
/// The JSON schema (draft 2020-12) of the configuration file. It comes from the readers themselves: they read a sample, and what they ask
/// for is written down.
/// </summary>
internal static class ConfigurationSchema
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema", SampleFile = "sample.json", DescriptionsFile = "descriptions.json";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text => Create().ToJsonString(Readable);

    public static JsonObject Create() => new SchemaWriter(ReadDescriptions()).Write(Describe(), Dialect);

    /// <summary>All keys that there are.</summary>
    public static SectionShape Describe()
    {
        using var sample = new MemoryStream();
        using (var file = Open(SampleFile))
            file.CopyTo(sample);
        var shape = ConfigurationReader.Describe(JsonKeys.Read(sample.ToArray(), new ConfigurationErrors()));
        YarpShapes.AddTo(shape["ReverseProxy"].AsSection());
        return shape;
    }

    /// <summary>What each key is for, by its path, in which <c>*</c> stands for a name and for the items of a list.</summary>
    public static IReadOnlyDictionary<string, string> ReadDescriptions()
    {
        using var descriptions = Open(DescriptionsFile);
        return JsonSerializer.Deserialize<Dictionary<string, string>>(descriptions)!;
    }

    private static Stream Open(string file) => Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!;
}
