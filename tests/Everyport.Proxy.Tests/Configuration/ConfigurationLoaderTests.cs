using Everyport.Proxy.Configuration;

namespace Everyport.Proxy.Tests.Configuration;

/// <summary>Where the configuration comes from: a file or the embedded default, environment variables, the command line.</summary>
public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _variables = [];

    public void Dispose()
    {
        foreach (var variable in _variables)
            Environment.SetEnvironmentVariable(variable, null);
        _directory.Dispose();
    }

    [Fact]
    public void The_embedded_default_is_valid_and_steers_every_port_of_a_loopback_range()
    {
        var configuration = ConfigurationLoader.Load(null, []);
        Assert.Equal(ConfigurationLoader.EmbeddedSource, configuration.Source);
        var rule = Assert.Single(configuration.Steering.Ruleset.Rules);
        Assert.Equal("127.100.0.0/16", Assert.Single(rule.Prefixes).ToString());
        Assert.True(rule.Ports.IsAll);
        Assert.Equal("127.0.0.1:9464", configuration.Admin.Listen.ToString());
        Assert.NotNull(configuration.Demo);
        Assert.Equal(["demo-tcp", "demo-udp"], configuration.Streams.Select(stream => stream.Name).Order());
    }

    [Fact]
    public void Comments_and_trailing_commas_are_allowed()
    {
        var file = _directory.Write("a.json",
            """
            // The admin host.
            {
              "Admin": { "Listen": "[::1]:1234", /* not 9464 */ },
              "Limits": { "MaxFlows": 7, },
            }
            """);
        var configuration = ConfigurationLoader.Load(file, []);
        Assert.Equal("[::1]:1234", configuration.Admin.Listen.ToString());
        Assert.Equal(7, configuration.Limits.MaxFlows);
        Assert.Equal($"'{file}'", configuration.Source);
    }

    [Fact]
    public void The_environment_overrides_the_file_and_the_command_line_overrides_both()
    {
        var file = _directory.Write("a.json", """{ "Limits": { "MaxFlows": 1, "MaxConnections": 1, "SniffTimeout": "00:00:01" } }""");
        SetVariable("Limits__MaxFlows", "2");
        SetVariable("limits__MaxConnections", "2");
        var limits = ConfigurationLoader.Load(file, ["--Limits:MaxFlows=3"]).Limits;
        Assert.Equal((3, 2, TimeSpan.FromSeconds(1)), (limits.MaxFlows, limits.MaxConnections, limits.SniffTimeout));
    }

    [Fact]
    public void Lists_and_new_entries_can_come_from_outside_the_file()
    {
        SetVariable("Steering__Rules__more__Prefixes__0", "127.101.0.0/16");
        SetVariable("Steering__Rules__more__Ports", "80,443");
        var rules = ConfigurationLoader.Load(null, []).Steering.Ruleset.Rules;
        Assert.Equal(["demo *", "more 80,443"], rules.Select(rule => $"{rule.Name} {rule.Ports}").Order());
    }

    [Fact]
    public void Mistakes_from_outside_the_file_are_found_as_well()
    {
        SetVariable("Limits__MaxFlws", "2");
        var message = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(null, ["--Admin:Listen=nowhere"])).Message;
        Assert.Contains("Limits:MaxFlws: is an unknown key; did you mean 'MaxFlows'?", message, StringComparison.Ordinal);
        Assert.Contains("Admin:Listen: 'nowhere' is not an address", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_that_differ_only_in_case_are_one_setting()
    {
        SetVariable("Limits__MaxFlows", "2");
        SetVariable("LIMITS__MAXFLOWS", "2");
        Assert.Equal(2, ConfigurationLoader.Load(null, []).Limits.MaxFlows);
    }

    [Fact]
    public void Variables_of_others_are_left_alone()
    {
        SetVariable("Kestrel__Endpoints__x__Url", "http://*:80");
        SetVariable("STEERING", "on");
        Assert.NotNull(ConfigurationLoader.Load(null, []));
    }

    [Fact]
    public void A_file_that_does_not_exist_is_named() =>
        Assert.Equal("The configuration file '/nowhere/a.json' does not exist.", MessageFor("/nowhere/a.json"));

    [Theory]
    [InlineData("{ \"Admin\": ")]
    [InlineData("[]")]
    [InlineData("")]
    public void What_cannot_be_read_is_said_with_the_name_of_the_file(string json)
    {
        var file = _directory.Write("a.json", json);
        Assert.StartsWith($"Cannot read the configuration '{file}': ", MessageFor(file), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_JSON_is_told_with_its_place()
    {
        var file = _directory.Write("a.json", "{\n  \"Admin\": {,\n}");
        Assert.StartsWith($"Cannot read the configuration '{file}': line 2, column 13: ", MessageFor(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_there_twice_is_an_error_whether_it_has_a_value_or_is_a_section()
    {
        var file = _directory.Write("a.json",
            """
            {
              "Admin": { "Listen": "127.0.0.1:1", "listen": "127.0.0.1:2" },
              "Limits": { "MaxFlows": 1 },
              // The same name, in another place, is another key.
              "Streams": { "Limits": { "Match": { "Ports": "1" },
                                       "Match": { "Ports": "2" } } },
              "limits": { "MaxConnections": 1 }
            }
            """);
        Assert.Equal(
            $"""
            The configuration '{file}' has 3 errors:
              Admin:listen: is there twice, in line 2; remove one of them
              Streams:Limits:Match: is there twice, in line 5 and line 6; remove one of them
              limits: is there twice, in line 3 and line 7; remove one of them
            """, MessageFor(file));
    }

    [Fact]
    public void A_file_may_name_its_schema()
    {
        var file = _directory.Write("a.json", """{ "$schema": "./appsettings.schema.json", "Limits": { "MaxFlows": 7 } }""");
        Assert.Equal(7, ConfigurationLoader.Load(file, []).Limits.MaxFlows);
    }

    [Fact]
    public void A_directory_is_no_configuration_file() =>
        Assert.Equal($"The configuration file '{_directory.Path}' does not exist.", MessageFor(_directory.Path));

    private static string MessageFor(string file) => Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(file, [])).Message;

    private void SetVariable(string name, string value)
    {
        _variables.Add(name);
        Environment.SetEnvironmentVariable(name, value);
    }
}
