using System.Globalization;
using System.Text;

namespace Everyport.Origin.Pages;

/// <summary>A page for a browser, with as many resources as asked for, a third of each kind.</summary>
internal static class PageEndpoints
{
    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/page/{count:int}", (int count) => Results.Content(Page(count), "text/html; charset=utf-8"));
        app.MapGet("/page/{number:int}.js", (int number) => Results.Content($"window.ran = (window.ran ?? 0) + 1; // {number}", "text/javascript"));
        app.MapGet("/page/{number:int}.css", (int number) => Results.Content($"#n{number} {{ margin-left: {number}px }}", "text/css"));
        app.MapGet("/page/{number:int}.svg", (int number) => Results.Content(
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><title>{number}</title></svg>""", "image/svg+xml"));
    }

    private static string Page(int count)
    {
        var page = new StringBuilder("<!DOCTYPE html><title>many</title>\n");
        for (var i = 0; i < count; i++)
        {
            page.AppendLine((i % 3) switch
            {
                0 => string.Create(CultureInfo.InvariantCulture, $"<script defer src=\"/page/{i}.js\"></script>"),
                1 => string.Create(CultureInfo.InvariantCulture, $"<link rel=stylesheet href=\"/page/{i}.css\">"),
                _ => string.Create(CultureInfo.InvariantCulture, $"<img src=\"/page/{i}.svg\" alt=\"\">"),
            });
        }
        return page.ToString();
    }
}
