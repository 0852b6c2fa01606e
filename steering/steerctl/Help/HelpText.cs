using System.CommandLine;
using System.CommandLine.Invocation;

namespace Everyport.Steering.Cli.Help;

/// <summary>Prints what <c>--help</c> asks for.</summary>
internal sealed class HelpText(RootCommand root, TextWriter output) : SynchronousCommandLineAction
{
    private const int Width = 100, Indent = 2, Column = 26;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var page = CommandPage.Of(command);
        if (command == root)
            WriteRoot(page);
        else
            WriteVerb(page);
        return ExitCodes.Done;
    }

    private void WriteRoot(CommandPage page)
    {
        WriteParagraph(page.Description);
        WriteBlock("Usage:", [$"{CommandPage.Program} VERB [OPTION]... [ARGUMENT]..."]);
        WriteList("Verbs:", [.. root.Subcommands.Where(verb => !verb.Hidden).Select(verb => (verb.Name, verb.Description ?? ""))]);
        WriteList("Options of all verbs:", CommandPage.Common(root));
        output.WriteLine();
        WriteParagraph($"'{CommandPage.Program} VERB --help' tells more about one, '{CommandPage.Program} man | man -l -' about all. {Topics.ExitCodes}");
    }

    private void WriteVerb(CommandPage page)
    {
        WriteParagraph($"{page.Description}.");
        WriteBlock("Usage:", page.Synopses);
        WriteList("Arguments:", page.Arguments);
        WriteList("Options:", page.Options);
        WriteList("Options of all verbs:", CommandPage.Common(root));
        foreach (var paragraph in page.Details)
        {
            output.WriteLine();
            WriteParagraph(paragraph);
        }
        WriteBlock("Examples:", page.Examples);
    }

    private void WriteBlock(string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine(title);
        foreach (var line in lines)
            output.WriteLine($"{new string(' ', Indent)}{line}");
    }

    private void WriteList(string title, IReadOnlyList<(string Name, string Text)> items)
    {
        if (items.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine(title);
        foreach (var (name, text) in items)
        {
            var head = $"{new string(' ', Indent)}{name}";
            var lines = TextLines.Wrap(text, Width - Column);
            if (head.Length > Column - Indent)
                output.WriteLine(head);
            for (var i = 0; i < lines.Count; i++)
                output.WriteLine((i == 0 && head.Length <= Column - Indent ? head.PadRight(Column) : new string(' ', Column)) + lines[i]);
        }
    }

    private void WriteParagraph(string text)
    {
        foreach (var line in TextLines.Wrap(text, Width))
            output.WriteLine(line);
    }
}
