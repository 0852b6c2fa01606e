using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Everyport.Proxy.Configuration;

namespace Everyport.Proxy.Tests.Configuration.Schema;

/// <summary>The configurations that there are in the repository.</summary>
internal static partial class Examples
{
    /// <summary>Those of README.md; one that begins with a key is a part of a file.</summary>
    public static IEnumerable<JsonNode> InReadme() => JsonBlock()
        .Matches(File.ReadAllText(Repository.PathOf("README.md")))
        .Select(block => block.Groups[1].Value.Trim())
        .Select(text => SchemaValidator.Parse(text.StartsWith('{') ? text : $"{{ {text} }}"));

    /// <summary>Files that are configurations.</summary>
    public static IEnumerable<JsonNode> InFiles() => Directory
        .EnumerateFiles(Repository.Root, "*.json", SearchOption.AllDirectories)
        .Where(file => !BuildOutput().IsMatch(file[Repository.Root.Length..]))
        .Select(File.ReadAllText)
        .Select(TryParse)
        .OfType<JsonNode>();

    /// <summary>Those that tests are written with, as far as they are constant.</summary>
    public static IEnumerable<(string Text, JsonNode Json)> InTests() => Directory
        .EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !BuildOutput().IsMatch(file[Repository.Root.Length..]))
        .SelectMany(file => RawText().Matches(File.ReadAllText(file)))
        .Select(match => match.Groups[1].Value)
        .Distinct()
        .Select(text => (text, Json: TryParse(text)))
        .Where(example => example.Json is not null)
        .Select(example => (example.text, example.Json!));

    /// <summary>Null for what is no JSON, and for JSON that is no configuration.</summary>
    private static JsonNode? TryParse(string text)
    {
        try
        {
            return SchemaValidator.Parse(text) is JsonObject { Count: > 0 } json && json.All(key => ConfigurationReader.Sections.Contains(key.Key)) ? json : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^```jsonc?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex("(?<!\\$)\"\"\"(.*?)\"\"\"", RegexOptions.Singleline)]
    private static partial Regex RawText();

    [GeneratedRegex("^/(out|packages)/|/(bin|obj)/")]
    private static partial Regex BuildOutput();
}
