using System.CommandLine;
using Everyport.Steering.Cli.Help;
using Everyport.Steering.Cli.Output;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl man</c>.</summary>
internal static class ManCommand
{
    public static Command Create(CommonOptions options, RootCommand root)
    {
        var verb = new Verb(options, "man", "Prints the man page")
        {
            Examples = ["man | man -l -"],
            Json = "an object with page, in the macros of man(7).",
        };
        verb.Does(_ =>
        {
            using var page = new StringWriter();
            ManPage.Write(root, ProgramVersion.Read().Version, page);
            return new Report(page.ToString().TrimEnd(), json => json.WriteString("page", page.ToString()));
        });
        return verb;
    }
}
