using System.CommandLine;
using Everyport.Proxy.Configuration;

namespace Everyport.Proxy.Commands;

/// <summary>The command line of <c>everyport</c>.</summary>
internal static class EveryportCommand
{
    public static RootCommand Create()
    {
        var settings = new SettingsSource();
        var verifierLog = new Option<bool>("--verifier-log")
        {
            Description = "Where the kernel refuses the BPF program, prints all that its verifier says",
        };
        var run = settings.AllowIn(new Command("run", "Runs the proxy until it is told to stop (the default)") { verifierLog });
        var root = settings.AllowIn(new RootCommand(
            $"Everyport, a transparent reverse proxy that listens on every port.\n\n{ExitCodes.Help}")
        {
            settings.File,
            verifierLog,
            run,
            CheckCommand.Create(settings),
            ExplainCommand.Create(settings),
            StatusCommand.Create(settings),
            ReloadCommand.Create(settings),
            DrainCommand.Create(settings),
            DoctorCommand.Create(settings),
            SchemaCommand.Create(),
            VersionCommand.Create(),
        });
        foreach (var command in (Command[])[root, run])
            command.SetAction((result, stopping) => Outcome.OfAsync(
                () => RunCommand.RunAsync(hash => settings.LoadUnless(hash, result), ConfigurationLoader.PathOf(result.GetValue(settings.File)), stopping), result.GetValue(verifierLog)));
        return root;
    }
}
