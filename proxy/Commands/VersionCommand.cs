using System.CommandLine;

namespace Everyport.Proxy.Commands;

/// <summary><c>everyport version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var json = JsonOption.Create();
        var command = new Command("version", "Prints the versions of this program and of what it runs on") { json };
        command.SetAction(result =>
        {
            var version = ProgramVersion.Read();
            if (result.GetValue(json))
                JsonOption.Print(version);
            else
                Console.WriteLine(version);
        });
        return command;
    }
}
