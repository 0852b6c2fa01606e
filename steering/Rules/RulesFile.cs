using System.Text;
using System.Text.Json;

namespace Everyport.Steering.Rules;

/// <summary>
/// Rules in a JSON file, in the form that <c>Steering</c> has in appsettings.json:
/// <c>{ "Rules": { "edge": { "Prefixes": ["198.51.100.0/24"], "Ports": "80,443" } } }</c>, alone or as the section
/// <c>Steering</c> of a larger file. Comments and trailing commas are allowed.
/// </summary>
public static class RulesFile
{
    /// <summary>Reads and validates. Every error is listed, each with its path.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out Ruleset ruleset, out IReadOnlyList<string> errors)
    {
        ruleset = Ruleset.Empty;
        try
        {
            var file = RulesFileReader.Read(json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json);
            errors = file.Errors;
            return errors.Count == 0 && Ruleset.TryCreate(file.Rules, file.DenySources, out ruleset, out errors);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader's word for text that is no valid UTF-8 is InvalidOperationException.
            errors = [$"is not JSON: {e.Message}"];
            return false;
        }
    }
}
