using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Admin;

/// <summary><c>/livez</c> and <c>/readyz</c>, for those who start programs and send them traffic.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app, Func<bool> isReady)
    {
        app.MapGet("/livez", () => Results.Text("ok\n"));
        app.MapGet("/readyz", () => isReady() ? Results.Text("ok\n") : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
