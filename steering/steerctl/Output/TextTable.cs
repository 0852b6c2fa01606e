namespace Everyport.Steering.Cli.Output;

/// <summary>Columns that are as wide as what is in them, two spaces apart. Numbers are aligned to the right.</summary>
internal sealed class TextTable(params string[] heads)
{
    private readonly List<string[]> _rows = [heads];

    /// <summary>Columns of numbers.</summary>
    public required IReadOnlySet<int> Numbers { get; init; }

    /// <summary>Whether it has no row but its head.</summary>
    public bool IsEmpty => _rows.Count == 1;

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        var widths = heads.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                var isLast = column == row.Length - 1;
                output.Write(Numbers.Contains(column) ? row[column].PadLeft(widths[column]) : isLast ? row[column] : row[column].PadRight(widths[column]));
                output.Write(isLast ? "\n" : "  ");
            }
        }
    }
}
