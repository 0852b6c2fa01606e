using System.Text.RegularExpressions;
using Everyport.EndToEnd.Tests.Clients;
using Everyport.EndToEnd.Tests.Http.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Everyport.EndToEnd.Tests.Admin.Page;

/// <summary>The status page in a real browser.</summary>
public sealed class PageTests(PageScene scene) : IClassFixture<PageScene>
{
    private static readonly BrowserNewPageOptions Window = new() { ViewportSize = new() { Width = 1400, Height = 1000 } };

    [KernelFact]
    public async Task It_shows_what_is_open_and_how_it_ended_without_a_reload()
    {
        await using var browser = await Chromium.StartAsync(scene.Namespace);
        var (page, complaints) = await OpenAsync(browser);
        await Expect(page.Locator("#state")).ToHaveTextAsync("ready");
        await Expect(page.Locator("#rules")).ToContainTextAsync("dark");
        await Expect(page.Locator("#rules tbody tr", new() { HasText = "dark" }).Locator("td.number")).ToHaveTextAsync(new Regex("^[0-9]+$"));
        await Expect(page.Locator("#services")).ToContainTextAsync("postfix");
        await Expect(page.Locator("#destinations")).ToContainTextAsync("tcp://127.0.0.1:9466");
        using (var stream = scene.OpenStream(5432))
        {
            var row = page.Locator("#connections tbody tr", new() { HasText = $"{PageScene.Address}:5432" });
            await Expect(row).ToContainTextAsync("postgres");
            await Expect(row).ToContainTextAsync("stream");
        }
        await Expect(page.Locator("#closes tbody tr", new() { HasText = $"{PageScene.Address}:5432" }).First).ToContainTextAsync("Finished");

        // Requests are told of while somebody looks.
        scene.Namespace.Run(() => Assert.Equal(200, HttpClient10.Get(PageScene.Address, 8080).Status));
        await Expect(page.Locator("#closes tbody tr", new() { HasText = "GET" }).First).ToContainTextAsync("200");

        await page.Locator("#live-form [name=filter]").FillAsync("no such thing");
        using (var hidden = scene.OpenStream(30_000))
            await Expect(page.Locator("#connections")).ToContainTextAsync("Nothing is open.");
        Assert.Empty(complaints);
    }

    [KernelFact]
    public async Task The_port_map_tells_where_each_port_leads_by_hover_keyboard_and_search()
    {
        await using var browser = await Chromium.StartAsync(scene.Namespace);
        var (page, complaints) = await OpenAsync(browser);
        var (map, here) = (page.Locator("#ports-map"), page.Locator("#ports-here"));
        await Expect(page.Locator("#ports-legend")).ToContainTextAsync("stream postgres");
        await Expect(page.Locator("#ports-legend")).ToContainTextAsync("dropped");

        using (scene.OpenStream(39_321))
            await Expect(page.Locator("#ports-most")).ToContainTextAsync("39321");
        var box = (await map.BoundingBoxAsync())!;
        // Row 20, column 56: port 5176 has no route. Hovering finds it, arrows go one row down, to 5432.
        await page.Mouse.MoveAsync(box.X + (56.5f / 256 * box.Width), box.Y + (20.5f / 256 * box.Height));
        await Expect(here).ToContainTextAsync("Port 5176");
        await Expect(here).ToContainTextAsync("no route");
        await map.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(here).ToContainTextAsync("Port 5432");
        await Expect(here).ToContainTextAsync("stream postgres");

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#explain-answer")).ToContainTextAsync("the stream 'postgres'");
        await page.Locator("#ports-find").FillAsync("70000");
        await Expect(page.Locator("#ports-error")).ToContainTextAsync("'70000' is neither a port nor a range");
        await page.Locator("#ports-find").FillAsync("25,465");
        await Expect(here).ToContainTextAsync("service postfix");

        await page.Locator("#ports-form [value=udp]").CheckAsync();
        await Expect(page.Locator("#ports-legend")).ToContainTextAsync("stream dns");
        await page.Locator("#ports-address").FillAsync("nowhere");
        await page.Locator("#ports-address").BlurAsync();
        await Expect(page.Locator("#ports-error")).ToContainTextAsync("'nowhere' is not an address");
        Assert.Single(complaints); // of that answer, 400
    }

    [KernelFact]
    public async Task It_explains_answers_what_is_wrong_and_says_when_the_proxy_is_gone()
    {
        using var own = new PageScene();
        await using var browser = await Chromium.StartAsync(own.Namespace);
        var page = await browser.OpenAsync(PageScene.Url, Window);
        await page.Locator("#explain-form [name=destination]").FillAsync("198.51.100.9:22");
        await page.Locator("#explain-form button").ClickAsync();
        await Expect(page.Locator("#explain-answer li").First).ToContainTextAsync("The rule 'ssh'");
        await page.Locator("#explain-form [name=destination]").FillAsync("198.51.100.9");
        await page.Locator("#explain-form button").ClickAsync();
        await Expect(page.Locator("#explain-answer .bad")).ToContainTextAsync("'198.51.100.9'");

        await Expect(page.Locator("#state")).ToHaveTextAsync("ready");
        own.Everyport.Stop();
        await Expect(page.Locator("#state")).ToHaveTextAsync("no answer");
    }

    [KernelFact]
    public async Task Nothing_of_it_comes_from_elsewhere_and_it_can_be_read_without_seeing_it()
    {
        await using var browser = await Chromium.StartAsync(scene.Namespace);
        var page = await browser.OpenAsync(PageScene.Url, Window);
        Assert.All(
            await page.EvaluateAsync<string[]>("() => performance.getEntriesByType('resource').map(entry => entry.name)"),
            name => Assert.StartsWith(PageScene.Url, name, StringComparison.Ordinal));
        var policy = scene.Namespace.Exec("curl", "-sS", "-D", "-", "-o", "/dev/null", PageScene.Url);
        Assert.Contains("default-src 'none'; script-src 'self'", policy, StringComparison.Ordinal);
        // Whatever is entered has a label, whatever is a table a caption, and there is one main heading.
        Assert.Equal(0, await page.Locator("input:not([type=hidden]), select").EvaluateAllAsync<int>("all => all.filter(one => one.labels.length === 0).length"));
        Assert.Equal(0, await page.Locator("table").EvaluateAllAsync<int>("all => all.filter(one => !one.caption).length"));
        Assert.Equal(1, await page.Locator("h1").CountAsync());
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the port map", await page.EvaluateAsync<string>("() => document.activeElement.textContent"));
    }

    /// <summary>The page, and what the browser complains of: scripts that fail, and what the policy forbids.</summary>
    private static async Task<(IPage Page, List<string> Complaints)> OpenAsync(Chromium browser)
    {
        var complaints = new List<string>();
        var page = await browser.OpenAsync("about:blank", Window);
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        await page.GotoAsync(PageScene.Url);
        return (page, complaints);
    }
}
