using System.CommandLine;
using Everyport.Proxy.Admin;
using Everyport.Proxy.Configuration;

namespace Everyport.Proxy.Commands;

/// <summary>Where a command finds the configuration: <c>--config</c>, and settings among the arguments.</summary>
internal sealed class SettingsSource
{
    private readonly Argument<string[]> _settings = new("SETTING")
    {
        Description = "Overrides the file: --Section:Key=value, as --Admin:Listen=127.0.0.1:9000",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public Option<string?> File { get; } = new("--config", "-c")
    {
        Description = $"The configuration file; otherwise {ConfigurationLoader.DefaultFile} here, otherwise the embedded default",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Lets <c>--Section:Key=value</c> through to the configuration.</summary>
    public T AllowIn<T>(T command) where T : Command
    {
        command.Arguments.Add(_settings);
        return command;
    }

    /// <summary>The configuration, validated.</summary>
    public ProxyConfiguration Load(ParseResult result) => ConfigurationLoader.Load(result.GetValue(File), Settings(result));

    /// <summary>The same; null where it still is the one with this hash.</summary>
    public ProxyConfiguration? LoadUnless(string? hash, ParseResult result) => ConfigurationLoader.LoadUnless(hash, result.GetValue(File), Settings(result));

    /// <summary>Where the admin host of the running proxy is. The rest may be wrong: that proxy runs with what it was before.</summary>
    public AdminTarget FindAdmin(ParseResult result) => ConfigurationLoader.FindAdmin(result.GetValue(File), Settings(result));

    private string[] Settings(ParseResult result)
    {
        var settings = result.GetValue(_settings) ?? [];
        foreach (var token in settings)
        {
            if (!token.StartsWith("--", StringComparison.Ordinal) || !token.Contains(':', StringComparison.Ordinal) || !token.Contains('=', StringComparison.Ordinal))
                throw new ConfigurationException($"Unknown argument '{token}'.{Suggest(result, token)} Settings are given as --Section:Key=value; 'everyport --help' lists the commands.");
        }
        return settings;
    }

    /// <summary>A word after no command may have been meant as one.</summary>
    private static string Suggest(ParseResult result, string token)
    {
        const int MostTypos = 2;
        var nearest = result.CommandResult.Command is RootCommand root ? root.Subcommands.Select(command => command.Name).MinBy(name => NearestKey.Distance(token, name)) : null;
        return nearest is not null && NearestKey.Distance(token, nearest) <= MostTypos ? $" Did you mean '{nearest}'?" : "";
    }
}
