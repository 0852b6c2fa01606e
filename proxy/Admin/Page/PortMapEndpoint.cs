using Everyport.Steering.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Admin.Page;

/// <summary><c>/api/ports/map?protocol=&amp;address=</c>: where each port of an address leads.</summary>
internal static class PortMapEndpoint
{
    public static void MapPortMap(this IEndpointRouteBuilder app, Func<PortMap?> map) => app.MapGet("/api/ports/map", (string? protocol, string? address) =>
    {
        if (map() is not { } running)
            return Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        if (protocol is not ("tcp" or "udp"))
            return Results.Problem($"'{protocol}' is neither 'tcp' nor 'udp'.", statusCode: StatusCodes.Status400BadRequest);
        if (!Address.TryParse(address ?? "", out var parsed))
            return Results.Problem($"'{address}' is not an address, such as '198.51.100.7' or '2001:db8::1'.", statusCode: StatusCodes.Status400BadRequest);
        return Results.Json(running.Of(protocol == "tcp" ? Protocols.Tcp : Protocols.Udp, parsed), PageEventJson.Default.PortMapStatus);
    });
}
