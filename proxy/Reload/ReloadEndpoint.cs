using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Reload;

/// <summary><c>POST /api/reload</c>: 200 where the configuration is in force, 422 where it has errors, 409 where it cannot be put in force.</summary>
internal static class ReloadEndpoint
{
    public static void MapReload(this IEndpointRouteBuilder app, Func<Reloader?> reloader) => app.MapPost("/api/reload", async () =>
    {
        if (reloader() is not { } running)
            return Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        var report = await running.ReloadAsync(ReloadCause.Request);
        return Results.Json(report, ReloadJson.Default.ReloadReport, statusCode: report.Result switch
        {
            ReloadResult.Invalid => StatusCodes.Status422UnprocessableEntity,
            ReloadResult.Failed => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status200OK,
        });
    });
}
