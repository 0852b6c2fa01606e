using System.CommandLine;
using Everyport.Steering.Cli.Output;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(CommonOptions options)
    {
        var verb = new Verb(options, "version", "Prints the version, and that of the layout of what it pins")
        {
            Details = ["Programs that share a steering have the same layout; 'upgrade' converts one of another layout."],
            Json = "an object with version, commit (null where it is not known), and layout.",
        };
        verb.Does(_ =>
        {
            var (version, commit) = ProgramVersion.Read();
            var layout = SteeringControl.Layout;
            return new Report($"steerctl {version}{(commit is null ? "" : $" ({commit[..Math.Min(12, commit.Length)]})")}, layout {layout}", json =>
            {
                json.WriteString("version", version);
                json.WriteString("commit", commit);
                json.WriteNumber("layout", layout);
            });
        });
        return verb;
    }
}
