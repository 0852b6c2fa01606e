using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Everyport.Proxy.Http.Routing;

/// <summary>How the proxy host ends a request: in place of <c>UseEndpoints</c>.</summary>
internal static class HttpRouting
{
    /// <summary>Comes last: runs the route that has been chosen.</summary>
    public static void RunRoutes(this IApplicationBuilder app) => app.Run(context =>
    {
        if (context.GetEndpoint()?.RequestDelegate is { } run)
            return run(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });
}
