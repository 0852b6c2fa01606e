using System.Text.RegularExpressions;

namespace Everyport.EndToEnd.Tests.Steerctl;

/// <summary>An example of <c>docs/steerctl.md</c>: a section with files, commands, and what these print.</summary>
internal sealed partial class DocumentedExample
{
    private DocumentedExample(string title) => Title = title;

    public string Title { get; }

    /// <summary>The files that it begins with.</summary>
    public Dictionary<string, string> Files { get; } = [];

    /// <summary>Commands, and what they are to print, or null where that does not matter.</summary>
    public List<(string Commands, string? Output)> Steps { get; } = [];

    public static IReadOnlyList<DocumentedExample> All { get; } = [.. Read(File.ReadAllText(Repository.PathOf("docs", "steerctl.md")))];

    /// <summary>One script for all, so that what runs in the background goes on; the output of each step is a file.</summary>
    public string Script => "set -euo pipefail\n" + string.Concat(Steps.Select((step, i) => $"exec >{OutputOf(i)} 2>&1\n{step.Commands}"));

    public static string OutputOf(int step) => $"output.{step}";

    private static IEnumerable<DocumentedExample> Read(string document)
    {
        foreach (var section in document.Split("\n## ")[1..])
        {
            var example = new DocumentedExample(section[..section.IndexOf('\n', StringComparison.Ordinal)]);
            foreach (Match block in Block().Matches(section))
                example.Add(block.Groups["kind"].Value, block.Groups["file"].Value, block.Groups["text"].Value);
            yield return example;
        }
    }

    private void Add(string kind, string file, string text)
    {
        if (file.Length > 0)
            Files.Add(file, text);
        else if (kind == "sh")
            Steps.Add((text, null));
        else
            Steps[^1] = (Steps[^1].Commands, text);
    }

    [GeneratedRegex(@"^```(?<kind>\w+)( file=(?<file>\S+))?\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
