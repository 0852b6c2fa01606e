using System.Text.Json;

namespace Everyport.Steering.Cli.Output;

/// <summary>A report of one line, or none.</summary>
internal sealed class Report(string? line, Action<Utf8JsonWriter> properties) : IReport
{
    public void WriteText(TextWriter output)
    {
        if (line is not null)
            output.WriteLine(line);
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        properties(json);
        json.WriteEndObject();
    }
}
