using System.CommandLine;
using Everyport.Proxy.Configuration.Schema;

namespace Everyport.Proxy.Commands;

/// <summary><c>everyport schema</c>: prints the JSON schema of the configuration file.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo>("--output", "-o") { Description = "The file to write to, instead of standard output", HelpName = "FILE" };
        var command = new Command("schema", "Prints the JSON schema of the configuration file, for editors") { output };
        command.SetAction(async (result, stopping) =>
        {
            if (result.GetValue(output) is { } file)
                await File.WriteAllTextAsync(file.FullName, ConfigurationSchema.Text + "\n", stopping);
            else
                Console.WriteLine(ConfigurationSchema.Text);
            return 0;
        });
        return command;
    }
}
