using System.Text.Json.Nodes;
using Everyport.Proxy.Configuration;

namespace Everyport.Proxy.Tests.Configuration.Schema;

/// <summary>Every configuration in the repository that the program takes is one to the schema, and nearly every one that it refuses is none.</summary>
public class ExampleTests
{
    /// <summary>The program also takes names in other case, and values in quotes; the schema wants them as they are documented.</summary>
    private static readonly string[] OfAnotherSpelling = ["leastrequests", "connectfailed", "\"refuse\"", "\"common\"", "\"requests\""];

    [Fact]
    public void Examples_of_the_readme_are_valid()
    {
        var examples = Examples.InReadme().ToArray();
        Assert.NotEmpty(examples);
        AssertValid(examples);
    }

    [Fact]
    public void Configuration_files_are_valid()
    {
        var files = Examples.InFiles().ToArray();
        Assert.NotEmpty(files);
        AssertValid(files);
    }

    [Fact]
    public void What_the_program_takes_in_tests_is_valid()
    {
        var taken = Examples.InTests().Where(example => ErrorsOf(example.Text).Count == 0 && !OfAnotherSpelling.Any(example.Text.Contains)).Select(example => example.Json).ToArray();
        Assert.True(taken.Length > 20, $"Only {taken.Length} configurations were found in the tests.");
        AssertValid(taken);
    }

    [Fact]
    public void What_the_program_refuses_in_tests_for_a_key_is_invalid()
    {
        var refused = Examples.InTests()
            .Where(example => ErrorsOf(example.Text).Any(error => error.Message.StartsWith("is an unknown key", StringComparison.Ordinal)))
            .Select(example => example.Json).ToArray();
        Assert.True(refused.Length > 5, $"Only {refused.Length} configurations were found in the tests.");
        var results = SchemaValidator.Validate(refused);
        Assert.All(refused.Zip(results), pair => Assert.True(pair.Second.Length > 0, $"The schema finds nothing wrong with {pair.First}"));
    }

    private static void AssertValid(IReadOnlyList<JsonNode> configurations)
    {
        var results = SchemaValidator.Validate(configurations);
        Assert.All(configurations.Zip(results), pair => Assert.True(pair.Second.Length == 0, $"{string.Join('\n', pair.Second)}\nin {pair.First}"));
    }

    private static IReadOnlyList<(string Path, string Message)> ErrorsOf(string json)
    {
        try
        {
            Configurations.Read(json);
            return [];
        }
        catch (ConfigurationException e)
        {
            return e.Errors;
        }
        catch (FormatException)
        {
            return [("", "is there twice")];
        }
    }
}
