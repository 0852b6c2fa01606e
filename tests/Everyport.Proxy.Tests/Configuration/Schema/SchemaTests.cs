using System.Text.Json.Nodes;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Configuration.Schema;

namespace Everyport.Proxy.Tests.Configuration.Schema;

/// <summary>The schema agrees with the readers, at every key that there is.</summary>
public class SchemaTests
{
    /// <summary>Sections whose other keys are the user's or somebody else's.</summary>
    private static readonly string[] Open = ["Logging", "Metadata"];

    [Fact]
    public void Every_key_is_described_and_nothing_else()
    {
        var keys = SchemaPath.All().Select(path => path.Text).ToHashSet(StringComparer.Ordinal);
        var described = ConfigurationSchema.ReadDescriptions().Keys.ToHashSet(StringComparer.Ordinal);
        Assert.Equal("", string.Join('\n', keys.Except(described).Order(StringComparer.Ordinal).Select(key => $"{key}: add a line for it to proxy/Configuration/Schema/descriptions.json")));
        Assert.Equal("", string.Join('\n', described.Except(keys).Order(StringComparer.Ordinal).Select(key => $"{key}: nothing reads it; remove its line from proxy/Configuration/Schema/descriptions.json")));
    }

    [Fact]
    public void Every_top_level_section_is_in_the_schema() =>
        Assert.Equal(ConfigurationReader.Sections.Append(ConfigurationReader.SchemaKey).Order(), ConfigurationSchema.Create()["properties"]!.AsObject().Select(key => key.Key).Order());

    [Fact]
    public void An_unknown_key_is_refused_in_every_section_by_the_schema_and_by_the_program()
    {
        var sections = SchemaPath.All().Where(path => path.Key.Section is not null && !Open.Contains(path.Name)).ToArray();
        AssertRefused(sections.Select(path => (path.Text, path.Build(new JsonObject { ["Qqqqqqqq"] = "x" }, asItem: true))));
    }

    [Fact]
    public void A_section_in_place_of_a_value_is_refused_at_every_key_by_the_schema_and_by_the_program()
    {
        var values = SchemaPath.All().Where(path => path.Key.Form is not null).ToArray();
        Assert.True(values.Length > 100);
        AssertRefused(values.Select(path => (path.Text, path.Build(new JsonObject { ["Qqqqqqqq"] = new JsonObject { ["x"] = "x" } }))));
    }

    [Fact]
    public void A_text_in_place_of_a_number_or_of_one_of_a_few_names_is_refused_by_both()
    {
        var values = SchemaPath.All().Where(path => path.Key.Form is { } form && form != ValueForm.Text && (form.Schema["type"]?.ToString() is "integer" or "boolean" || form.Schema["enum"] is not null || form.Name is "duration" or "ports" or "prefix" or "endpoint" or "share")).ToArray();
        Assert.True(values.Length > 80);
        AssertRefused(values.Select(path => (path.Text, path.Build("~ nothing that anybody reads"))));
    }

    [Fact]
    public void Every_default_is_valid_where_it_is_written_out()
    {
        var defaults = SchemaPath.All().Where(path => path.Key.Default is not null).ToArray();
        Assert.True(defaults.Length > 50);
        var configurations = defaults.Select(path => path.Build(path.Key.Default!.DeepClone())).ToArray();
        foreach (var (path, errors) in defaults.Zip(SchemaValidator.Validate(configurations)))
            Assert.DoesNotContain(errors, error => error.StartsWith(string.Join('/', path.Text.Split(':').Where(part => part != "*")), StringComparison.Ordinal));
        foreach (var (path, configuration) in defaults.Zip(configurations))
            Assert.DoesNotContain(ErrorsOf(configuration), error => error.Path.EndsWith($":{path.Name}", StringComparison.Ordinal) && error.Message.StartsWith('\''));
    }

    private static void AssertRefused(IEnumerable<(string Path, JsonObject Configuration)> cases)
    {
        var all = cases.ToArray();
        var bySchema = SchemaValidator.Validate(all.Select(entry => entry.Configuration));
        Assert.All(all.Zip(bySchema), entry => Assert.True(entry.Second.Length > 0, $"The schema takes {entry.First.Configuration.ToJsonString()}"));
        Assert.All(all, entry => Assert.True(ErrorsOf(entry.Configuration).Count > 0, $"The program takes {entry.Configuration.ToJsonString()}"));
    }

    private static IReadOnlyList<(string Path, string Message)> ErrorsOf(JsonObject configuration)
    {
        try
        {
            Configurations.Read(configuration.ToJsonString());
            return [];
        }
        catch (ConfigurationException e)
        {
            return e.Errors;
        }
    }
}
