using System.CommandLine;
using Everyport.Steering.Cli;

namespace Everyport.Steering.Tests.Cli;

/// <summary>The help and the man page say the same of each verb, and of all of it.</summary>
public class ManualTests
{
    private static readonly Terminal Terminal = new();

    public static TheoryData<string> Verbs { get; } = [.. Root.Subcommands.Select(verb => verb.Name)];

    private static RootCommand Root => SteerctlCommand.Create(new Surroundings { Output = TextWriter.Null, Error = TextWriter.Null });

    [Theory]
    [MemberData(nameof(Verbs))]
    public void The_help_and_the_man_page_have_every_argument_option_and_example(string name)
    {
        var verb = Assert.IsType<Verb>(Root.Subcommands.Single(verb => verb.Name == name));
        var (help, page) = (Terminal.Do(name, "--help").Output, Terminal.Do("man").Output.Replace("\\-", "-", StringComparison.Ordinal).Replace("\\(aq", "'", StringComparison.Ordinal));
        foreach (var text in (string[])[verb.Description!, .. verb.Options.Select(option => option.Name), .. verb.Arguments.Select(argument => argument.HelpName ?? argument.Name), .. verb.Examples])
        {
            Assert.False(string.IsNullOrEmpty(text));
            Assert.Contains(text, help, StringComparison.Ordinal);
            Assert.Contains(text, page, StringComparison.Ordinal);
        }
        Assert.All(verb.Options, option => Assert.False(string.IsNullOrEmpty(option.Description), $"{option.Name} has no description"));
        Assert.All(verb.Arguments, argument => Assert.False(string.IsNullOrEmpty(argument.Description), $"{argument.Name} has no description"));
        Assert.False(string.IsNullOrEmpty(verb.Json), $"What --json prints for '{name}' is not documented");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_example_is_a_command_line_that_is_understood(string name)
    {
        var root = Root;
        foreach (var example in ((Verb)root.Subcommands.Single(verb => verb.Name == name)).Examples)
        {
            var line = example.Split('|', '>')[0];
            Assert.True(root.Parse(line).Errors.Count == 0, $"{line}: {string.Join("; ", root.Parse(line).Errors)}");
        }
    }

    [Fact]
    public void Groff_has_nothing_to_say_about_the_man_page()
    {
        var checkedPage = Testbed.Command.Try("groff", ["-man", "-Tutf8", "-ww", "-z"], Terminal.Do("man").Output);
        Assert.Equal((0, ""), (checkedPage.ExitCode, checkedPage.Error));
    }

    [Fact]
    public void The_help_of_the_program_lists_all_verbs()
    {
        var help = Terminal.Do("--help").Output;
        Assert.All(Root.Subcommands, verb => Assert.Contains($"  {verb.Name}", help, StringComparison.Ordinal));
        Assert.Contains("Exit codes:", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Each_shell_has_a_script(string shell) => Assert.Contains("suggest:", Terminal.Do("completion", shell).Output, StringComparison.Ordinal);

    [Fact]
    public void Bash_understands_its_script() => Assert.Equal((0, ""), (Testbed.Command.Try("bash", ["-n"], Terminal.Do("completion", "bash").Output) is var done ? (done.ExitCode, done.Error) : default));

    [Fact]
    public void The_version_names_the_layout() => Assert.Equal(SteeringControl.Layout, Terminal.Do("version", "--json").Json.GetProperty("layout").GetInt32());
}
