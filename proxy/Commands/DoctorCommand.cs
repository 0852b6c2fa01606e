using System.CommandLine;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Doctor;
using Everyport.Steering.Inspection;

namespace Everyport.Proxy.Commands;

/// <summary><c>everyport doctor</c>: what is in the way of a start on this machine.</summary>
internal static class DoctorCommand
{
    public static Command Create(SettingsSource settings)
    {
        var json = JsonOption.Create();
        var command = settings.AllowIn(new Command("doctor", "Finds what is in the way of a start on this machine, and says how to mend it; attaches and changes nothing") { json });
        command.SetAction((result, _) => Outcome.OfAsync(async () =>
        {
            var findings = await ExamineAsync(() => settings.Load(result));
            if (result.GetValue(json))
                JsonOption.Print(new { findings });
            else
                Print(findings);
            return findings.Any(finding => finding.Level == FindingLevel.Problem) ? ExitCodes.CannotStart : ExitCodes.Good;
        }));
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> ExamineAsync(Func<ProxyConfiguration> load)
    {
        try
        {
            var configuration = load();
            return Checkup.Of(await MachineReader.ReadAsync(configuration), configuration);
        }
        catch (ConfigurationException e)
        {
            return Checkup.Of(await MachineReader.ReadAsync(null), e);
        }
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static void Print(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Level switch { FindingLevel.Fine => "fine", FindingLevel.Note => "note", FindingLevel.Warning => "WARNING", _ => "PROBLEM" },-8} {finding.Check}: {finding.Found}");
            if (finding.Mend is { } mend)
                Console.WriteLine($"{"",-8} -> {mend}");
        }
        var problems = findings.Count(finding => finding.Level == FindingLevel.Problem);
        var warnings = findings.Count(finding => finding.Level == FindingLevel.Warning);
        Console.WriteLine();
        Console.WriteLine(problems > 0 ? $"It does not start: {Count(problems, "problem")}, {Count(warnings, "warning")}." : warnings > 0 ? $"It starts, with {Count(warnings, "warning")}." : "All is well.");
    }
}
