using System.CommandLine;
using Everyport.Steering.Cli.Examining;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommonOptions options)
    {
        var verb = new Verb(options, "doctor", "Finds what is in the way of steering, and says how to mend it")
        {
            Details = ["Tries whether the kernel loads the program, and looks at the pinned steering and its namespace; attaches and changes nothing. Ends with 1 where there is a problem."],
            Examples = ["doctor", "doctor --netns blue"],
            Json = ExaminationReport.Json,
        };
        verb.Does(result => new ExaminationReport(Checkup.Of(Condition.Read(options.Read(result)))), report => report.HasProblem ? ExitCodes.Refused : ExitCodes.Done);
        return verb;
    }
}
