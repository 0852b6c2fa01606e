using System.CommandLine;

namespace Everyport.Steering.Cli.Help;

/// <summary>What is known of a command, for its help and the man page alike.</summary>
internal sealed record CommandPage
{
    public const string Program = "steerctl";

    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Whole command lines.</summary>
    public required IReadOnlyList<string> Synopses { get; init; }

    public required IReadOnlyList<(string Name, string Text)> Arguments { get; init; }

    /// <summary>Those of this command; the common ones are told once.</summary>
    public required IReadOnlyList<(string Name, string Text)> Options { get; init; }

    public IReadOnlyList<string> Details { get; init; } = [];

    public string? Json { get; init; }

    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    public static CommandPage Of(Command command)
    {
        var verb = command as Verb;
        (string, string)[] arguments = [.. command.Arguments.Select(argument => (argument.HelpName ?? argument.Name, argument.Description ?? ""))];
        (string, string)[] options = [.. Visible(command.Options).Select(Describe)];
        return new CommandPage
        {
            Name = command.Name,
            Description = command.Description ?? "",
            Synopses = [.. (verb is { Synopses.Count: > 0 } ? verb.Synopses : [Synopsis(command)]).Select(line => $"{Program} {line}")],
            Arguments = arguments,
            Options = options,
            Details = verb?.Details ?? [],
            Json = verb?.Json,
            Examples = [.. (verb?.Examples ?? []).Select(line => $"{Program} {line}")],
        };
    }

    /// <summary>The common options, and those of the library: <c>--help</c> and <c>--version</c>.</summary>
    public static IReadOnlyList<(string Name, string Text)> Common(Command root) => [.. Visible(root.Options).Select(Describe)];

    private static IEnumerable<Option> Visible(IEnumerable<Option> options) => options.Where(option => !option.Hidden);

    private static (string, string) Describe(Option option)
    {
        string[] names = [.. ((string[])[option.Name, .. option.Aliases]).Where(name => name.StartsWith('-')).OrderBy(name => name.Length)];
        var value = option.Arity.MaximumNumberOfValues > 0 && option.HelpName is { } help ? $" {help}" : "";
        return (string.Join(", ", names) + value, option.Description ?? "");
    }

    private static string Synopsis(Command command)
    {
        var options = Visible(command.Options).Any() ? " [OPTION]..." : "";
        var arguments = command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues > 0 ? $" {argument.Name}" : $" [{argument.Name}]");
        return $"{command.Name}{options}{string.Concat(arguments)}";
    }
}
