using System.Globalization;
using System.Text.Json;
using Everyport.Steering.Cli.Output;
using Everyport.Steering.Inspection;

namespace Everyport.Steering.Cli.Examining;

/// <summary>What the doctor says.</summary>
internal sealed class ExaminationReport(IReadOnlyList<Finding> findings) : IReport
{
    public const string Json = "an object with findings, each with level (fine, note, warning, problem), check, found, and mend (null where there is nothing to do).";

    public bool HasProblem => findings.Any(finding => finding.Level == FindingLevel.Problem);

    public void WriteText(TextWriter output)
    {
        foreach (var finding in findings)
        {
            var level = finding.Level switch { FindingLevel.Fine => "fine", FindingLevel.Note => "note", FindingLevel.Warning => "WARNING", _ => "PROBLEM" };
            output.WriteLine($"{level,-8} {finding.Check}: {finding.Found}");
            if (finding.Mend is { } mend)
                output.WriteLine($"{"",-8} -> {mend}");
        }
        output.WriteLine();
        output.WriteLine((Count(FindingLevel.Problem), Count(FindingLevel.Warning)) switch
        {
            (0, 0) => "All is well.",
            var (problems, warnings) => $"{Say(problems, "problem")}, {Say(warnings, "warning")}.",
        });
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("level", JsonNamingPolicy.CamelCase.ConvertName(finding.Level.ToString()));
            json.WriteString("check", finding.Check);
            json.WriteString("found", finding.Found);
            json.WriteString("mend", finding.Mend);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private int Count(FindingLevel level) => findings.Count(finding => finding.Level == level);

    private static string Say(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");
}
