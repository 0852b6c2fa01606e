using System.Text.Json;

namespace Everyport.EndToEnd.Tests.Http.Browser;

/// <summary>Chromium loads a page with many resources.</summary>
public sealed class BrowserTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    private const int Resources = 200, Port = 12_443;

    [KernelFact]
    public async Task A_page_with_many_resources_comes_whole_over_one_connection_of_HTTP_2()
    {
        await using var browser = await Chromium.StartAsync(scene);
        var page = await browser.OpenAsync($"https://{PartiesScene.HostName}:{Port}/page/{Resources}");

        // What each was loaded by, and whether a connection was made for it.
        var loaded = await page.EvaluateAsync<JsonElement>(
            "() => performance.getEntriesByType('resource').filter(e => e.name.includes('/page/')).map(e => ({ protocol: e.nextHopProtocol, status: e.responseStatus, connected: e.connectEnd > e.connectStart }))");
        Assert.Equal(Resources, loaded.GetArrayLength());
        Assert.All(loaded.EnumerateArray(), entry =>
        {
            Assert.Equal("h2", entry.GetProperty("protocol").GetString());
            Assert.Equal(200, entry.GetProperty("status").GetInt32());
            Assert.False(entry.GetProperty("connected").GetBoolean(), "a resource has a connection of its own");
        });
        Assert.Equal("h2", await page.EvaluateAsync<string>("() => performance.getEntriesByType('navigation')[0].nextHopProtocol"));

        // And that each is what it was: a third has run, a third is a style sheet, a third a picture.
        Assert.Equal((Resources + 2) / 3, await page.EvaluateAsync<int>("() => window.ran"));
        Assert.Equal((Resources + 1) / 3, await page.EvaluateAsync<int>("() => [...document.styleSheets].filter(sheet => sheet.cssRules.length === 1).length"));
        Assert.Equal(Resources / 3, await page.EvaluateAsync<int>("() => [...document.images].filter(image => image.complete && image.naturalWidth === 8).length"));
    }

    [KernelFact]
    public async Task Events_and_a_WebSocket_work_in_a_page()
    {
        await using var browser = await Chromium.StartAsync(scene);
        var page = await browser.OpenAsync($"https://{PartiesScene.HostName}:{Port}/page/0");
        Assert.Equal("first,second", await page.EvaluateAsync<string>(
            """
            async () => {
              const said = [], source = new EventSource('/events/page');
              const heard = () => new Promise(resolve => source.onmessage = event => resolve(said.push(event.data)));
              await new Promise(resolve => source.onopen = resolve);
              for (const word of ['first', 'second']) {
                const hearing = heard();
                await fetch('/events/page', { method: 'POST', body: word });
                await hearing;
              }
              source.close();
              return said.join();
            }
            """));
        Assert.Equal("echo", await page.EvaluateAsync<string>(
            """
            () => new Promise((resolve, reject) => {
              const socket = new WebSocket(`wss://${location.host}/socket/page`);
              socket.onopen = () => socket.send('echo');
              socket.onmessage = event => { socket.close(); resolve(event.data); };
              socket.onerror = () => reject(new Error('the socket has failed'));
            })
            """));
    }
}
