namespace Everyport.Origin.Bodies;

/// <summary>Bodies of any size: made here, or read here.</summary>
internal static class BodyEndpoints
{
    public static void MapBodies(this WebApplication app)
    {
        app.MapMethods("/bytes/{count:long}", ["GET", "HEAD"], SendAsync);
        app.MapMethods("/chunks/{count:long}", ["GET", "HEAD"], SendChunksAsync);
        app.MapPost("/digest", DigestAsync);
        app.MapPost("/echo", (HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body));
        app.MapPost("/refuse", () => Results.StatusCode(StatusCodes.Status413PayloadTooLarge));
        app.MapGet("/trailers", SendWithTrailersAsync);
    }

    /// <summary>With its length told before.</summary>
    private static Task SendAsync(HttpContext context, long count)
    {
        context.Response.ContentLength = count;
        return SendChunksAsync(context, count);
    }

    private static Task SendChunksAsync(HttpContext context, long count) =>
        HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : Pattern.WriteAsync(context.Response.Body, count, context.RequestAborted);

    /// <summary>Tells what has come, and how its length was told; reads slowly for so many bytes.</summary>
    private static async Task DigestAsync(HttpContext context, long slow = 0)
    {
        using var digest = new DigestStream();
        var piece = new byte[64 * 1024];
        while (await context.Request.Body.ReadAsync(piece, context.RequestAborted) is > 0 and var length)
        {
            digest.Write(piece.AsSpan(0, length));
            if (digest.Length < slow)
                await Task.Delay(10, context.RequestAborted);
        }
        var headers = context.Request.Headers;
        await context.Response.WriteAsync($"{digest.Length} {digest.ToHexString()} length={headers.ContentLength} encoding={headers.TransferEncoding} expect={headers.Expect}");
    }

    private static async Task SendWithTrailersAsync(HttpContext context)
    {
        context.Response.DeclareTrailer("X-Digest");
        await context.Response.WriteAsync("a body");
        context.Response.AppendTrailer("X-Digest", "of a body");
    }
}
