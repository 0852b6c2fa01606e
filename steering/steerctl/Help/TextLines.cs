namespace Everyport.Steering.Cli.Help;

/// <summary>Breaks text into lines.</summary>
internal static class TextLines
{
    /// <summary>Lines of at most <paramref name="width"/> characters, where no word is longer.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }
        lines.Add(line);
        return lines;
    }
}
