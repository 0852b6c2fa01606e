namespace Everyport.EndToEnd.Tests.Http.Events;

/// <summary>Server-sent events: the origin sends each one only when the client has seen the one before, so nobody may keep any back.</summary>
public sealed class EventTests(PartiesScene scene) : IClassFixture<PartiesScene>
{
    public static TheoryData<string, int> AllWays => Ways.All;

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public async Task Each_event_arrives_by_itself_until_the_origin_has_no_more(string version, int port)
    {
        using var client = scene.NewClient(Ways.Version(version));
        var url = Ways.Url(port, $"/events/one-by-one-{version}-{port}");
        // The answer is here before the first event.
        using var answer = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var i = 0; i < 20; i++)
        {
            (await client.PostAsync(url, new StringContent($"event {i}"))).EnsureSuccessStatusCode().Dispose();
            Assert.Equal($"data: event {i}", await events.ReadLineAsync());
            Assert.Equal("", await events.ReadLineAsync());
        }
        (await client.DeleteAsync(url)).EnsureSuccessStatusCode().Dispose();
        Assert.Null(await events.ReadLineAsync());
    }

    [KernelTheory]
    [MemberData(nameof(AllWays))]
    public async Task The_origin_notices_when_the_client_has_left(string version, int port)
    {
        using var client = scene.NewClient(Ways.Version(version));
        var name = $"leaving-{version}-{port}";
        var answer = await client.GetAsync(Ways.Url(port, $"/events/{name}"), HttpCompletionOption.ResponseHeadersRead);
        answer.Dispose();
        scene.Origin.AssertNotes($"left {name}");
    }
}
