using System.CommandLine;
using System.CommandLine.Completions;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli;

/// <summary>A rule as <c>bind</c> and <c>unbind</c> are told it: <c>[SERVICE] PROTO PREFIX PORTS</c>.</summary>
internal sealed class RuleArguments
{
    private const int WithoutService = 3, WithService = 4;

    private readonly Argument<string[]> _texts = new("ARGUMENT")
    {
        Description = "SERVICE PROTO PREFIX PORTS; without SERVICE after --pass and --drop",
        Arity = new ArgumentArity(0, WithService),
        HelpName = "SERVICE PROTO PREFIX PORTS",
    };

    private readonly Option<bool> _pass = new("--pass") { Description = "Leaves what the rule matches to the normal lookup, in place of a service" };
    private readonly Option<bool> _drop = new("--drop") { Description = "Refuses what the rule matches, in place of a service" };
    private readonly Option<string?> _name = new("--name") { Description = "The name of the rule. Default: its protocol, prefix and ports", HelpName = "NAME" };

    public RuleArguments AddTo(Command command, CommonOptions options)
    {
        _texts.CompletionSources.Add(context => Complete(options, context));
        _name.CompletionSources.Add(context => Completions.RuleNames(options, context));
        command.Add(_texts);
        command.Add(_pass);
        command.Add(_drop);
        command.Add(_name);
        return this;
    }

    /// <summary>The name that was given, where nothing else was.</summary>
    public string? OnlyName(ParseResult result) =>
        result.GetValue(_texts) is null or [] && !result.GetValue(_pass) && !result.GetValue(_drop) ? result.GetValue(_name) : null;

    public bool HasName(ParseResult result) => result.GetValue(_name) is not null;

    /// <exception cref="BadInputException">The values make no rule: all that is wrong with them.</exception>
    public Rule Read(ParseResult result)
    {
        var texts = result.GetValue(_texts) ?? [];
        var (pass, drop) = (result.GetValue(_pass), result.GetValue(_drop));
        if (pass && drop)
            throw new BadInputException("--pass and --drop exclude each other; give one of them.");
        var expected = pass || drop ? WithoutService : WithService;
        if (texts.Length != expected)
        {
            var usage = expected == WithService ? "SERVICE PROTO PREFIX PORTS, such as 'web tcp 198.51.100.0/24 80,443'" : "PROTO PREFIX PORTS, such as 'tcp 198.51.100.0/24 22'";
            throw new BadInputException($"Expected {usage}{(texts.Length == 0 ? "" : $", and not '{string.Join(' ', texts)}'")}.");
        }

        var description = new RuleDescription(
            "",
            texts[^2].Split(','),
            texts[^1],
            texts[^3].Equals("any", StringComparison.OrdinalIgnoreCase) ? null : [texts[^3]],
            pass ? "Pass" : drop ? "Drop" : "Service",
            pass || drop ? null : texts[0]);
        var errors = new List<(string Key, string Message)>();
        if (description.Parse(errors) is not { } rule)
            throw new BadInputException(string.Join("\n", errors.Select(error => $"{Capital(Say(error))}.")));
        return rule with { Name = NameOf(result) ?? DefaultName(rule) };
    }

    private IEnumerable<string> Complete(CommonOptions options, CompletionContext context)
    {
        var result = context.ParseResult;
        var before = (result.GetValue(_texts)?.Length ?? 0) - (context.WordToComplete.Length > 0 ? 1 : 0);
        var isWithoutService = result.GetValue(_pass) || result.GetValue(_drop);
        return (before + (isWithoutService ? 1 : 0)) switch
        {
            0 => Completions.Services(options, context),
            1 => ["tcp", "udp", "any"],
            _ => [],
        };
    }

    /// <summary>What the rule matches: whoever binds the same again means the same rule.</summary>
    private static string DefaultName(Rule rule) => $"{RuleText.Of(rule.Protocols)} {string.Join(',', rule.Prefixes)} {rule.Ports}";

    private string? NameOf(ParseResult result) => result.GetValue(_name) switch
    {
        null => null,
        var name when name.Trim() != name || name.Length == 0 || name.Any(char.IsControl) => throw new BadInputException($"'{name}' (--name) is not a name of a rule: it is empty, or has spaces around or control characters in it."),
        var name when name.StartsWith("guard: ", StringComparison.Ordinal) || name.StartsWith("own: ", StringComparison.Ordinal) => throw new BadInputException($"'{name}' (--name) is a name that guard rails have; choose another one."),
        var name => name,
    };

    private static string Say((string Key, string Message) error) =>
        error.Key.StartsWith("Protocols", StringComparison.Ordinal) ? error.Message.Replace("'tcp' or 'udp'", "'tcp', 'udp' or 'any'", StringComparison.Ordinal)
        : error.Key == "Service" && error.Message.StartsWith("is missing", StringComparison.Ordinal) ? "the name of the service is empty"
        : error.Message;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
