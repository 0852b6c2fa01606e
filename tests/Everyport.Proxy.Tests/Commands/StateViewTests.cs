using System.Text.Json;
using Everyport.Proxy.Commands;
using Spectre.Console;

namespace Everyport.Proxy.Tests.Commands;

/// <summary>How the state of the running proxy is shown.</summary>
public class StateViewTests
{
    [Fact]
    public void Values_are_lines_and_lists_are_tables_whatever_they_are_called()
    {
        var shown = Show(
            """
            {
              "ready": true,
              "connections": { "open": 3, "refused": { "SourceRate": 2 }, "streams": [{ "name": "pg", "open": 1, "limit": null }] },
              "clusters": [
                { "name": "web", "destinations": [{ "name": "a", "address": "http://10.0.0.5/" }, { "name": "b", "address": "http://10.0.0.6/" }] },
                { "name": "pg", "destinations": [{ "name": "a", "address": "tcp://10.0.0.6:5432", "circuit": "Open" }] }
              ],
              "somethingNewHere": { "limitsHit": "7 [times]" }
            }
            """);
        foreach (var line in (string[])
        [
            "Ready                              yes",
            "Connections open                   3",
            "Connections refused                SourceRate 2",
            "Something new here   limitsHit 7 [times]",
            "Stream Open Limit", "pg     1",
            "Cluster Destination Address             Circuit", "web     a           http://10.0.0.5/", "web     b           http://10.0.0.6/", "pg      a           tcp://10.0.0.6:5432 Open",
        ])
        {
            Assert.Contains(Words(line), shown.Split('\n').Select(Words));
        }
    }

    private static string Show(string json)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;
        using var document = JsonDocument.Parse(json);
        console.Write(StateView.Of(document.RootElement));
        return output.ToString();
    }

    /// <summary>Without borders and spaces.</summary>
    private static string Words(string line) => string.Join(' ', line.Replace('│', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
