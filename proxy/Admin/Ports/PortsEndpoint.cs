using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Admin.Ports;

/// <summary><c>/api/ports</c>.</summary>
internal static class PortsEndpoint
{
    public static void MapPorts(this IEndpointRouteBuilder app, Func<PortsStatus?> read) => app.MapGet("/api/ports", () => read() is { } now
        ? Results.Json(now, PortsJson.Compact.PortsStatus)
        : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable));
}
