using System.CommandLine;
using System.Reflection;

namespace Everyport.Steering.Cli;

/// <summary>The command line of <c>steerctl</c>.</summary>
internal static class SteerctlCommand
{
    /// <summary>The exit code for input that the user has to mend.</summary>
    public const int BadInput = 2;

    public static RootCommand Create()
    {
        var version = new Command("version", "Prints the version");
        version.SetAction(_ => Console.WriteLine(
            typeof(SteerctlCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion));
        return new RootCommand("Steers TCP and UDP traffic to sockets of services") { ExplainCommand.Create(), version };
    }
}
