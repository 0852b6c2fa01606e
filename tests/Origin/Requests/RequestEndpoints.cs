using System.Text;

namespace Everyport.Origin.Requests;

/// <summary>Tells what of a request has arrived.</summary>
internal static class RequestEndpoints
{
    public static void MapRequests(this WebApplication app)
    {
        app.Map("/request/{**rest}", TellAsync);
        app.Map("/status/{code:int}", (int code) => Results.StatusCode(code));
        app.MapMethods("/modified", ["GET", "HEAD"], (HttpContext context) =>
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            context.Response.Headers.ETag = "\"known\"";
        });
    }

    private static Task TellAsync(HttpContext context)
    {
        var request = context.Request;
        var told = new StringBuilder()
            .Append("protocol: ").AppendLine(request.Protocol)
            .Append("method: ").AppendLine(request.Method)
            .Append("scheme: ").AppendLine(request.Scheme);
        foreach (var (name, values) in request.Headers)
            told.Append(name).Append(": ").AppendLine(values.ToString());
        return context.Response.WriteAsync(told.ToString());
    }
}
