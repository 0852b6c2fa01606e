using System.CommandLine.Completions;

namespace Everyport.Steering.Cli;

/// <summary>What the tabulator offers that depends on the steering. Whatever is in the way, it then offers nothing.</summary>
internal static class Completions
{
    /// <summary>Services that rules or sockets have named.</summary>
    public static IEnumerable<string> Services(CommonOptions options, CompletionContext context) =>
        Read(options, context)?.Services.Select(service => service.Name).Distinct() ?? [];

    /// <summary>Our rules.</summary>
    public static IEnumerable<string> RuleNames(CommonOptions options, CompletionContext context) =>
        Read(options, context)?.RulesByOwner.GetValueOrDefault(SteeringControl.DefaultOwner)?.Rules.Select(rule => rule.Name) ?? [];

    private static SteeringSnapshot? Read(CommonOptions options, CompletionContext context)
    {
        try
        {
            using var control = SteeringControl.Open(options.Read(context.ParseResult));
            return control.Read();
        }
        catch (Exception e) when (e is BadInputException or SteeringException or DllNotFoundException)
        {
            return null;
        }
    }
}
