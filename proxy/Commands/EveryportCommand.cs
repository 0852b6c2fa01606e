using System.CommandLine;
using System.Reflection;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Hosting;
using Everyport.Steering;

namespace Everyport.Proxy.Commands;

/// <summary>The command line of <c>everyport</c>.</summary>
internal static class EveryportCommand
{
    /// <summary>The exit code for whatever the operator has to mend: configuration, privileges, a taken port.</summary>
    public const int CannotStart = 2;

    public static RootCommand Create()
    {
        var config = new Option<string?>("--config", "-c")
        {
            Description = $"The configuration file; otherwise {ConfigurationLoader.DefaultFile} here, otherwise the embedded default",
            HelpName = "FILE",
            Recursive = true,
        };
        var root = new RootCommand("Everyport, a transparent reverse proxy that listens on every port. Any setting can be overridden: --Admin:Listen=127.0.0.1:9000");
        var verifierLog = new Option<bool>("--verifier-log")
        {
            Description = "Where the kernel refuses the BPF program, prints all that its verifier says",
            Recursive = true,
        };
        root.Options.Add(config);
        root.Options.Add(verifierLog);

        var run = WithSettings(new Command("run", "Runs the proxy until it is told to stop (the default)"));
        var check = WithSettings(new Command("check", "Validates the configuration; opens no socket and leaves the kernel alone"));
        var version = new Command("version", "Prints the version");
        root.Subcommands.Add(run);
        root.Subcommands.Add(check);
        root.Subcommands.Add(SchemaCommand.Create());
        root.Subcommands.Add(version);
        WithSettings(root);

        root.SetAction((result, stopping) => ReportAsync(result.GetValue(verifierLog), () => RunAsync(result, config, stopping)));
        run.SetAction((result, stopping) => ReportAsync(result.GetValue(verifierLog), () => RunAsync(result, config, stopping)));
        check.SetAction((result, _) => ReportAsync(result.GetValue(verifierLog), () => Check(Load(result, config))));
        version.SetAction(_ => Console.WriteLine(Version));
        return root;
    }

    private static string Version =>
        typeof(EveryportCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Lets <c>--Section:Key=value</c> through to the configuration.</summary>
    private static Command WithSettings(Command command)
    {
        command.TreatUnmatchedTokensAsErrors = false;
        return command;
    }

    private static Task<int> RunAsync(ParseResult result, Option<string?> config, CancellationToken stopping) =>
        RunCommand.RunAsync(hash => LoadUnless(hash, result, config), ConfigurationLoader.PathOf(result.GetValue(config)), stopping);

    private static ProxyConfiguration Load(ParseResult result, Option<string?> config) => LoadUnless(null, result, config)!;

    private static ProxyConfiguration? LoadUnless(string? hash, ParseResult result, Option<string?> config)
    {
        foreach (var token in result.UnmatchedTokens)
        {
            if (!token.StartsWith("--", StringComparison.Ordinal) || !token.Contains(':', StringComparison.Ordinal) || !token.Contains('=', StringComparison.Ordinal))
                throw new ConfigurationException($"Unknown argument '{token}'. Settings are given as --Section:Key=value; 'everyport --help' lists the commands.");
        }
        return ConfigurationLoader.LoadUnless(hash, result.GetValue(config), result.UnmatchedTokens);
    }

    private static Task<int> Check(ProxyConfiguration configuration)
    {
        foreach (var warning in configuration.Warnings)
            Console.WriteLine($"Warning: {warning}");
        Console.WriteLine($"The configuration {configuration.Source} is valid: {configuration.Steering.Ruleset.Rules.Length} rules, "
            + $"{configuration.Http.Routes.Count} HTTP routes, {configuration.Streams.Count} streams.");
        return Task.FromResult(0);
    }

    /// <summary>What the operator has to mend is told in words; a stack trace is for our own mistakes.</summary>
    private static async Task<int> ReportAsync(bool verifierLog, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception e) when (e is ConfigurationException or StartupException or SteeringException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            if (e is SteeringException { VerifierLog: { } log })
                await Console.Error.WriteLineAsync(verifierLog ? log : "With --verifier-log you see all that the verifier says.");
            return CannotStart;
        }
    }
}
