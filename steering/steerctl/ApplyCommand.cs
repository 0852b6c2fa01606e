using System.CommandLine;
using Everyport.Steering.Cli.Changes;

namespace Everyport.Steering.Cli;

/// <summary><c>steerctl apply</c>: puts all rules of a file in force as one.</summary>
internal static class ApplyCommand
{
    public static Command Create(CommonOptions options)
    {
        var file = new Argument<string>("FILE") { Description = "The file, or - for standard input" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Prints what would change, and changes nothing" };
        var verb = new Verb(options, "apply", "Puts the rules of a file in force, in place of all that steerctl has bound before")
        {
            Details =
            [
                "The file is JSON as everyport reads it: { \"Rules\": { NAME: { \"Prefixes\": [...], \"Ports\": \"80,443\", \"Protocols\": [\"tcp\"], \"Action\": \"Service\", \"Service\": \"web\" } }, \"DenySources\": [...] }, "
                + "alone or as the section Steering of a larger file. All rules come into force in one step, or, where there is any error, none; all errors are told at once.",
                "What changes is printed, a line for each rule: + added, - removed, ~ changed.",
            ],
            Examples = ["apply rules.json --dry-run", "apply rules.json"],
            Json = ChangeReport.Json,
        };
        verb.Add(file);
        verb.Add(dryRun);
        verb.Does(result =>
        {
            var rules = RulesInput.Read(result.GetRequiredValue(file), options.Outside);
            using var control = SteeringControl.Open(options.Read(result));
            return result.GetValue(dryRun)
                ? ChangeReport.Of((control.Preview(_ => rules), null), options.Outside)
                : ChangeReport.Of(control.Change(_ => rules), options.Outside);
        });
        return verb;
    }
}
