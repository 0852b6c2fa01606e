using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Everyport.Proxy.Commands;

/// <summary>
/// Shows what the admin host answers as lines and tables: whatever it is, so that what a later version tells is shown as well.
/// </summary>
internal static class StateView
{
    public static IRenderable Of(JsonElement state)
    {
        var lines = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        var tables = new List<IRenderable>();
        Add(state, "", lines, tables);
        return new Rows([lines, .. tables]);
    }

    private static void Add(JsonElement element, string name, Grid lines, List<IRenderable> tables)
    {
        foreach (var property in element.EnumerateObject())
        {
            var here = $"{name} {Words(property.Name)}".Trim();
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object when property.Value.EnumerateObject().Any(inner => inner.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array):
                    Add(property.Value, here, lines, tables);
                    break;
                case JsonValueKind.Array when property.Value.EnumerateArray().FirstOrDefault().ValueKind == JsonValueKind.Object:
                    tables.Add(TableOf(property.Value, here));
                    break;
                default:
                    if (Text(property.Value) is { Length: > 0 } text)
                        lines.AddRow(new Text(Capital(here), new Style(decoration: Decoration.Bold)), new Text(text));
                    break;
            }
        }
    }

    /// <summary>A row for each item; for one that holds items of its own, a row for each of those, with what it says of itself before them.</summary>
    private static Table TableOf(JsonElement items, string title)
    {
        var rows = items.EnumerateArray().SelectMany(item => RowsOf(item, Singular(title))).ToArray();
        string[] columns = [.. rows.SelectMany(row => row.Keys).Distinct()];
        var table = new Table().Title(new TableTitle(Capital(title)));
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(Capital(column))));
        foreach (var row in rows)
            table.AddRow(columns.Select(column => new Text(row.GetValueOrDefault(column, ""))));
        return table;
    }

    private static IEnumerable<Dictionary<string, string>> RowsOf(JsonElement item, string name)
    {
        var own = new Dictionary<string, string>();
        JsonProperty? nested = null;
        foreach (var property in item.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Array && property.Value.EnumerateArray().FirstOrDefault().ValueKind == JsonValueKind.Object)
                nested = property;
            else
                own[property.NameEquals("name") ? name : Words(property.Name)] = Text(property.Value);
        }
        if (nested is not { } inner)
            return [own];
        var innerName = Singular(Words(inner.Name));
        return inner.Value.EnumerateArray()
            .SelectMany(entry => RowsOf(entry, innerName))
            .Select(row => own.Concat(row.Select(cell => own.ContainsKey(cell.Key) ? KeyValuePair.Create($"{innerName} {cell.Key}", cell.Value) : cell)).ToDictionary());
    }

    /// <summary>A value in words; of a section and of a list, one after the other.</summary>
    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "",
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(property => $"{property.Name} {Text(property.Value)}")),
        JsonValueKind.Array => string.Join('\n', value.EnumerateArray().Select(Text)),
        _ => value.ToString(),
    };

    /// <summary><c>limitsHit</c> is "limits hit".</summary>
    private static string Words(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 && !char.IsUpper(name[i - 1]) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Of "connections streams", "stream".</summary>
    private static string Singular(string text) => text[(text.LastIndexOf(' ') + 1)..].TrimEnd('s');
}
