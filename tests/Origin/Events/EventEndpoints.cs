namespace Everyport.Origin.Events;

/// <summary>Server-sent events: each is sent when somebody else posts it, so that none can wait for the next.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this WebApplication app)
    {
        app.MapGet("/events/{name}", StreamAsync);
        app.MapPost("/events/{name}", async (HttpContext context, EventChannels channels, string name) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            channels.Get(name).Writer.TryWrite(await reader.ReadToEndAsync());
        });
        app.MapDelete("/events/{name}", (EventChannels channels, string name) => channels.Get(name).Writer.Complete());
    }

    private static async Task StreamAsync(HttpContext context, EventChannels channels, string name)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        try
        {
            await foreach (var said in channels.Get(name).Reader.ReadAllAsync(context.RequestAborted))
                await context.Response.WriteAsync($"data: {said}\n\n");
        }
        catch (OperationCanceledException)
        {
            Note.Write("left", name);
        }
    }
}
