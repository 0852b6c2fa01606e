using System.Text.Json;

namespace Everyport.Steering.Cli.Output;

/// <summary>What a verb has to say: to people, or with <c>--json</c> to programs.</summary>
internal interface IReport
{
    void WriteText(TextWriter output);

    /// <summary>Writes one value.</summary>
    void WriteJson(Utf8JsonWriter json);
}
