using System.Text.Json;
using System.Text.Json.Nodes;
using Everyport.Proxy.Configuration.Schema;

namespace Everyport.Proxy.Tests.Configuration.Schema;

/// <summary>The schema as somebody else understands it: the validator of Python, from Debian's python3-jsonschema.</summary>
internal static class SchemaValidator
{
    private const string Script =
        """
        import json, sys
        from jsonschema import Draft202012Validator
        schema, instances = json.load(sys.stdin)
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        def tell(error):
            return "/".join(map(str, error.absolute_path)) + ": " + error.message[:300]
        print(json.dumps([[tell(error) for error in validator.iter_errors(instance)] for instance in instances]))
        """;

    private static readonly JsonDocumentOptions AsInFiles = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads JSON with comments and trailing commas, which the validator does not know.</summary>
    public static JsonNode Parse(string json) => JsonNode.Parse(json, documentOptions: AsInFiles)!;

    /// <summary>What is wrong with each of the configurations.</summary>
    public static string[][] Validate(params IEnumerable<JsonNode> configurations)
    {
        var input = new JsonArray(ConfigurationSchema.Create(), new JsonArray([.. configurations.Select(configuration => configuration.DeepClone())]));
        var result = Command.Try("/usr/bin/python3", ["-W", "ignore", "-c", Script], input.ToJsonString());
        return result.ExitCode == 0 ? JsonSerializer.Deserialize<string[][]>(result.Output)! : throw new InvalidOperationException(result.Error);
    }

    public static void AssertValid(JsonNode configuration) => Assert.Equal("", string.Join('\n', Validate(configuration).Single()));
}
