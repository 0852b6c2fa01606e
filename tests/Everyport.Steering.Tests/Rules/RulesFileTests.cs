using System.Text;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Rules;

public class RulesFileTests
{
    [Fact]
    public void A_file_may_be_the_section_Steering_alone_with_comments_and_trailing_commas()
    {
        var ruleset = Read(
            """
            {
              // what the world reaches
              "Rules": {
                "edge": { "Prefixes": ["198.51.100.0/24", "2001:db8:7::/48",], "Ports": "80,443" },
                "ssh": { "Prefixes": "198.51.100.0/24", "Ports": 22, "Protocols": ["tcp"], "Action": "Pass" }, /* one value is a list of one */
              },
            }
            """);
        Assert.Equal(["edge", "ssh"], ruleset.Rules.Select(rule => rule.Name));
        Assert.Equal("22", ruleset.Rules[1].Ports.ToString());
        Assert.Equal(Target.Pass, ruleset.Rules[1].Target);
    }

    [Fact]
    public void A_file_may_be_a_whole_appsettings_json()
    {
        var ruleset = Read("""{ "Streams": { "x": 1 }, "Steering": { "LocalRoutes": true, "Rules": { "edge": { "prefixes": ["10.0.0.0/8"] } } } }""");
        Assert.Equal("edge", Assert.Single(ruleset.Rules).Name);
    }

    [Theory]
    [InlineData("""{ "rules": { "edge": { "Prefixes": ["10.0.0.0/8"] } }, "denySources": ["203.0.113.0/24"] }""")]
    [InlineData("""{ "steering": { "RULES": { "edge": { "Prefixes": ["10.0.0.0/8"] } }, "DENYSOURCES": ["203.0.113.0/24"] } }""")]
    [InlineData("""{ "DataSources": ["x"], "Steering": { "Rules": { "edge": { "Prefixes": ["10.0.0.0/8"] } }, "DenySources": "203.0.113.0/24" }, "Denoise": 1 }""")]
    public void Keys_are_meant_whatever_case_they_are_written_in(string json)
    {
        var ruleset = Read(json);
        Assert.Equal("edge", Assert.Single(ruleset.Rules).Name);
        Assert.Equal("203.0.113.0/24", Assert.Single(ruleset.DenySources).ToString());
    }

    [Theory]
    [InlineData("""{ "Rules": { "edge": { "Prefixes": ["10.0.0.0/8"] } }, "DenySource": ["203.0.113.0/24"] }""", "DenySource")]
    [InlineData("""{ "Steering": { "BlockSources": [], "Rules": { "edge": { "Prefixes": ["10.0.0.0/8"] } } } }""", "BlockSources")]
    public void A_misspelt_list_of_denied_sources_is_not_skipped(string json, string key) =>
        Assert.Equal([$"{key}: is an unknown key; expected 'DenySources'"], Errors(json));

    [Fact]
    public void Every_error_is_told_at_once_with_its_path() =>
        Assert.Equal(
            [
                "Rules:a:Prefix: is an unknown key; expected 'Prefixes', 'Ports', 'Protocols', 'Action' or 'Service'",
                "Rules:a:Prefixes: is missing; a rule needs at least one prefix such as '198.51.100.0/24'",
                "Rules:b:Prefixes:0: '10.0.0.0/33' has a length that is not a number from 0 to 32",
                "Rules:b:Ports: '70000' is not a port; ports go from 1 to 65535",
                "Rules:c:Prefixes: is missing; a rule needs at least one prefix such as '198.51.100.0/24'",
                "Rules:d:Ports: expected a text in quotes",
                "Rules:B: is there twice",
                "DenySources: 'nowhere' is not a prefix such as '198.51.100.0/24' or '2001:db8::/32'",
            ],
            Errors(
                """
                { "Rules": {
                  "a": { "Prefix": ["10.0.0.0/8"] },
                  "b": { "Prefixes": ["10.0.0.0/33"], "Ports": "70000" },
                  "c": ["10.0.0.0/8"],
                  "d": { "Prefixes": ["10.0.0.0/8"], "Ports": { "From": 1 } },
                  "B": { "Prefixes": ["10.0.0.0/8"] }
                }, "DenySources": ["203.0.113.0/24", "nowhere"] }
                """));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{ "Steering": {} }""")]
    [InlineData("""{ "Steering": 7 }""")]
    [InlineData("""{ "Rules": [] }""")]
    public void A_file_without_rules_says_what_was_expected(string json) =>
        Assert.Equal(["Rules: is missing; expected a section of rules by name"], Errors(json));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{ "Rules": { "a": } }""")]
    public void What_is_not_JSON_is_said_to_be_none(string text) =>
        Assert.StartsWith("is not JSON: ", Assert.Single(Errors(text)), StringComparison.Ordinal);

    [Fact]
    public void Rules_that_contradict_each_other_are_refused()
    {
        var error = Assert.Single(Errors("""{ "Rules": { "a": { "Prefixes": ["10.0.0.0/8"] }, "b": { "Prefixes": ["10.0.0.0/8"], "Action": "Drop", "Protocols": ["tcp"] } } }"""));
        Assert.Contains("'a'", error, StringComparison.Ordinal);
        Assert.Contains("'b'", error, StringComparison.Ordinal);
    }

    private static Ruleset Read(string json)
    {
        Assert.True(RulesFile.TryParse(Encoding.UTF8.GetBytes(json), out var ruleset, out var errors), string.Join('\n', errors));
        return ruleset;
    }

    private static IReadOnlyList<string> Errors(string json)
    {
        Assert.False(RulesFile.TryParse(Encoding.UTF8.GetBytes(json), out var ruleset, out var errors));
        Assert.Same(Ruleset.Empty, ruleset);
        return errors;
    }
}
