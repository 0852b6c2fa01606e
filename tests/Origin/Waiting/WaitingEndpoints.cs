namespace Everyport.Origin.Waiting;

/// <summary>Answers that never end by themselves: the client has to break, and the origin notes that it noticed.</summary>
internal static class WaitingEndpoints
{
    public static void MapWaiting(this WebApplication app)
    {
        app.MapGet("/wait/{name}", (HttpContext context, string name) => NoteEndAsync(name, () => Task.Delay(Timeout.Infinite, context.RequestAborted)));
        app.MapGet("/endless/{name}", (HttpContext context, string name) => NoteEndAsync(name, () => Bodies.Pattern.WriteAsync(context.Response.Body, long.MaxValue, context.RequestAborted)));
        // Longer than a connection whose client has closed would live by accident.
        app.MapGet("/slow/{milliseconds:int}", async (HttpContext context, int milliseconds) =>
        {
            await Task.Delay(milliseconds, context.RequestAborted);
            await context.Response.WriteAsync("at last");
        });
        app.MapPost("/take/{name}", (HttpContext context, string name) => NoteEndAsync(name, () => context.Request.Body.CopyToAsync(Stream.Null)));
    }

    private static async Task NoteEndAsync(string name, Func<Task> serve)
    {
        Note.Write("began", name);
        try
        {
            await serve();
            Note.Write("finished", name);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            Note.Write("broken", name);
        }
    }
}
