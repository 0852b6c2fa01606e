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
        root.Add(LoadCommand.Create(options));
        root.Add(UnloadCommand.Create(options));
        root.Add(ApplyCommand.Create(options));
        root.Add(BindCommand.Create(options));
        root.Add(UnbindCommand.Create(options));
        root.Add(RegisterCommand.Create(options));
        root.Add(UnregisterCommand.Create(options));
        root.Add(WatchCommand.Create(options));
        root.Add(StatusCommand.Create(options));
        root.Add(ExplainCommand.Create(options));
        root.Add(DoctorCommand.Create(options));
        root.Add(MetricsCommand.Create(options));
        root.Add(UpgradeCommand.Create(options));
        root.Add(VersionCommand.Create(options));
        root.Add(CompletionCommand.Create(options));
        root.Add(ManCommand.Create(options, root));
        root.Options.OfType<VersionOption>().Single().Description = "Prints the version";
        // That of the library answers to '/?' as well.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Add(new HelpOption("--help", "-h") { Description = "Prints what a verb does and takes", Action = new HelpText(root, outside.Output) });
        return root;
    }

    // Nothing of the library answers signals: verbs that run for long do so themselves.
    private static InvocationConfiguration Configuration(Surroundings outside) =>
        new() { Output = outside.Output, Error = outside.Error, ProcessTerminationTimeout = null };
}
