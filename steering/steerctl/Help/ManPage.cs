using System.CommandLine;

namespace Everyport.Steering.Cli.Help;

/// <summary>Writes steerctl(1) in the man macros of groff and mandoc; see man(7).</summary>
internal static class ManPage
{
    public static void Write(RootCommand root, string version, TextWriter output)
    {
        output.WriteLine($".TH STEERCTL 1 \"\" \"everyport {Text(version)}\" \"Everyport\"");
        output.WriteLine(".SH NAME");
        output.WriteLine($"steerctl \\- {Text(root.Description!.ToLowerInvariant()[..1] + root.Description[1..])}");
        output.WriteLine(".SH SYNOPSIS");
        output.WriteLine(".B steerctl\n.I VERB\n[\\fIOPTION\\fR]...\\& [\\fIARGUMENT\\fR]...");
        output.WriteLine(".SH DESCRIPTION");
        WriteParagraphs([Topics.Purpose], output);
        output.WriteLine(".SH VERBS");
        foreach (var verb in root.Subcommands.Where(verb => !verb.Hidden))
            Write(CommandPage.Of(verb), output);
        output.WriteLine(".SH OPTIONS");
        WriteList(CommandPage.Common(root), output);
        foreach (var (title, paragraphs) in Topics.All)
        {
            output.WriteLine($".SH {title}");
            WriteParagraphs(paragraphs, output);
        }
        output.WriteLine(".SH SEE ALSO");
        output.WriteLine(".BR ip\\-netns (8),\n.BR ss (8),\n.BR bpftool (8)");
    }

    private static void Write(CommandPage page, TextWriter output)
    {
        output.WriteLine($".SS {Text(page.Name)}");
        foreach (var synopsis in page.Synopses)
            output.WriteLine($".PP\n\\fB{Literal(synopsis)}\\fR");
        WriteParagraphs([$"{page.Description}.", .. page.Details], output);
        WriteList([.. page.Arguments, .. page.Options], output);
        if (page.Json is { } json)
            WriteParagraphs([$"JSON: {json}"], output);
        if (page.Examples.Count == 0)
            return;
        output.WriteLine(".PP\nExamples:\n.PP\n.RS 4\n.EX");
        foreach (var example in page.Examples)
            output.WriteLine(Literal(example));
        output.WriteLine(".EE\n.RE");
    }

    private static void WriteParagraphs(IEnumerable<string> paragraphs, TextWriter output)
    {
        foreach (var paragraph in paragraphs)
            output.WriteLine($".PP\n{Text(paragraph)}");
    }

    private static void WriteList(IEnumerable<(string Name, string Text)> items, TextWriter output)
    {
        foreach (var (name, text) in items)
            output.WriteLine($".TP\n\\fB{Literal(name)}\\fR\n{Text(text)}.");
    }

    /// <summary>Text to read: a full stop or quote at the beginning of a line would be a macro.</summary>
    private static string Text(string text) => (text is ['.' or '\'', ..] ? "\\&" : "") + text.Replace("\\", "\\e", StringComparison.Ordinal);

    /// <summary>Text to type: a hyphen stays one that a shell knows.</summary>
    private static string Literal(string text) => Text(text).Replace("-", "\\-", StringComparison.Ordinal).Replace("'", "\\(aq", StringComparison.Ordinal);
}
