using System.Text.Json.Serialization;

namespace Everyport.Proxy.Reload;

/// <summary>What came of a reload: what <c>POST /api/reload</c> answers.</summary>
/// <param name="Result">How it has ended.</param>
/// <param name="Hash">Of the configuration that is in force now.</param>
/// <param name="At">When it ended.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Waiting">A sentence for each setting that takes effect at the next start.</param>
/// <param name="Warnings">What works, but hardly as it is meant.</param>
/// <param name="Errors">All that is wrong, where it could not be put in force.</param>
internal sealed record ReloadReport(
    ReloadResult Result,
    string Hash,
    DateTimeOffset At,
    long Milliseconds,
    IReadOnlyList<string> Waiting,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<ReloadError> Errors);

/// <summary>An error; the path is that of a key, or empty where it belongs to none.</summary>
internal sealed record ReloadError(string Path, string Message);

/// <summary>How a <see cref="ReloadReport"/> is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReloadReport))]
internal sealed partial class ReloadJson : JsonSerializerContext;
