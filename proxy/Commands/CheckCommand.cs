using System.CommandLine;
using Everyport.Proxy.Configuration;

namespace Everyport.Proxy.Commands;

/// <summary><c>everyport check</c>: validates, and touches nothing.</summary>
internal static class CheckCommand
{
    public static Command Create(SettingsSource settings)
    {
        var json = JsonOption.Create();
        var command = settings.AllowIn(new Command("check", "Validates the configuration; opens no socket and leaves the kernel alone") { json });
        command.SetAction((result, _) => result.GetValue(json)
            ? Outcome.Of(() => PrintJson(() => settings.Load(result)))
            : Outcome.Of(() => Print(settings.Load(result))));
        return command;
    }

    private static int Print(ProxyConfiguration configuration)
    {
        foreach (var warning in configuration.Warnings)
            Console.WriteLine($"Warning: {warning}");
        Console.WriteLine($"The configuration {configuration.Source} is valid: {configuration.Steering.Ruleset.Rules.Length} rules, "
            + $"{configuration.Http.Routes.Count} HTTP routes, {configuration.Streams.Count} streams.");
        return ExitCodes.Good;
    }

    private static int PrintJson(Func<ProxyConfiguration> load)
    {
        try
        {
            var configuration = load();
            JsonOption.Print(new CheckResult(true, [], configuration.Warnings)
            {
                Rules = configuration.Steering.Ruleset.Rules.Length,
                HttpRoutes = configuration.Http.Routes.Count,
                Streams = configuration.Streams.Count,
            });
            return ExitCodes.Good;
        }
        catch (ConfigurationException e)
        {
            var errors = e.Errors.Count == 0 ? [new CheckError(null, e.Message)] : e.Errors.Select(error => new CheckError(error.Path, error.Message));
            JsonOption.Print(new CheckResult(false, [.. errors], []));
            return ExitCodes.CannotStart;
        }
    }

    /// <summary>What <c>--json</c> prints.</summary>
    private sealed record CheckResult(bool Valid, IReadOnlyList<CheckError> Errors, IReadOnlyList<string> Warnings)
    {
        public int? Rules { get; init; }

        public int? HttpRoutes { get; init; }

        public int? Streams { get; init; }
    }

    /// <summary>An error; without a path where the file as a whole cannot be read.</summary>
    private sealed record CheckError(string? Path, string Message);
}
