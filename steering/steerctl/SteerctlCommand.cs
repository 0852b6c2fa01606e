using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Everyport.Steering.Cli.Help;

namespace Everyport.Steering.Cli;

/// <summary>The command line of <c>steerctl</c>.</summary>
internal static class SteerctlCommand
{
    /// <summary>Runs a command line to its end, and returns the exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments, Surroundings outside)
    {
        var result = Create(outside).Parse(arguments);
        try
        {
            return result.Action is ParseErrorAction ? ParseErrors.Tell(result, outside.Error) : result.Invoke(Configuration(outside));
        }
        finally
        {
            outside.Output.Flush();
        }
    }

    public static RootCommand Create(Surroundings outside)
    {
        var options = new CommonOptions(outside);
        var root = new RootCommand("Steers TCP and UDP traffic to sockets of services");
        foreach (var option in options.All)
            root.Add(option);
        root.Add(ExplainCommand.Create(options));
        root.Add(VersionCommand.Create(options));
        root.Add(CompletionCommand.Create(options));
        root.Add(ManCommand.Create(options, root));
        root.Options.OfType<HelpOption>().Single().Action = new HelpText(root, outside.Output);
        root.Options.OfType<VersionOption>().Single().Description = "Prints the version";
        root.Options.OfType<HelpOption>().Single().Description = "Prints what a verb does and takes";
        return root;
    }

    // Nothing of the library answers signals: verbs that run for long do so themselves.
    private static InvocationConfiguration Configuration(Surroundings outside) =>
        new() { Output = outside.Output, Error = outside.Error, ProcessTerminationTimeout = null };
}
