using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Reload;

/// <summary><c>POST /api/reload</c>: 200 where the configuration is in force, 422 where it has errors, 409 where it cannot be put in force, 503 where the process has only begun or is ending.</summary>
internal static class ReloadEndpoint
{
    public static void MapReload(this IEndpointRouteBuilder app, Func<Reloader?> reloader, Func<bool> isEnding) => app.MapPost("/api/reload", async () =>
    {
        if (isEnding())
            return Results.Text("The proxy is ending: it keeps the configuration that it has.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        if (reloader() is not { } running)
            return Results.Text("The proxy is starting: it is reading its configuration just now.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        var report = await running.ReloadAsync(ReloadCause.Request);
        return Results.Json(report, ReloadJson.Default.ReloadReport, statusCode: report.Result switch
        {
            ReloadResult.Invalid => StatusCodes.Status422UnprocessableEntity,
            ReloadResult.Failed => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status200OK,
        });
    });
}
