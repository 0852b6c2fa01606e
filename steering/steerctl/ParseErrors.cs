using System.CommandLine;

namespace Everyport.Steering.Cli;

/// <summary>Tells what is wrong with a command line, and what was probably meant.</summary>
internal static class ParseErrors
{
    public static int Tell(ParseResult result, TextWriter error)
    {
        var command = result.CommandResult.Command;
        var unknown = result.UnmatchedTokens;
        foreach (var token in unknown)
            error.WriteLine($"'{token}' is unknown here.{Suggestion(token, command)}");
        // Of an unknown verb, the library says as well that there is none.
        foreach (var problem in result.Errors.Where(problem => unknown.Count == 0 || command is not RootCommand && !unknown.Any(token => problem.Message.Contains($"'{token}'", StringComparison.Ordinal))))
            error.WriteLine(problem.Message);
        error.WriteLine(command is RootCommand ? "See 'steerctl --help'." : $"See 'steerctl {command.Name} --help'.");
        return ExitCodes.BadInput;
    }

    private static string Suggestion(string token, Command command)
    {
        IEnumerable<string> known = token.StartsWith('-')
            ? command.Options.Concat(command.Parents.OfType<RootCommand>().SelectMany(root => root.Options)).Where(option => !option.Hidden).Select(option => option.Name)
            : command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name);
        return known.MinBy(candidate => Distance(token, candidate)) is { } nearest && Distance(token, nearest) <= Math.Max(2, token.Length / 3)
            ? $" Did you mean '{nearest}'?"
            : "";
    }

    /// <summary>The Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
