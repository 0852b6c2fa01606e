using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Admin.State;

/// <summary><c>/api/status</c>.</summary>
internal static class StatusEndpoint
{
    public static void MapStatus(this IEndpointRouteBuilder app, Func<Status?> read) => app.MapGet("/api/status", () => read() is { } now
        ? Results.Json(now, StatusJson.Readable.Status)
        : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable));
}
