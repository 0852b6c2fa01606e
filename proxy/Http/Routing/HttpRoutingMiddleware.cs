using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// Chooses the route of a request: (1) forget what the client must not say; (2) refuse targets that cannot be forwarded;
/// (3) route; (4) refuse a path that an origin may read as one of another route.
/// </summary>
internal sealed class HttpRoutingMiddleware(HttpRouter router, ClientHeaders headers, RequestDelegate next)
{
    /// <summary>The only protocol that an extended CONNECT may ask for (RFC 8441): of any other an origin would make a CONNECT of its own.</summary>
    private const string WebSocket = "websocket";

    public Task InvokeAsync(HttpContext context)
    {
        // (1)
        headers.Clean(context);

        // (2)
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (raw == "*" && HttpMethods.IsOptions(context.Request.Method))
            return AnswerForAll(context);
        if (HttpMethods.IsConnect(context.Request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true, Protocol: WebSocket })
            return RefuseTunnel(context);
        if (!RequestTarget.TryParse(raw, out var target))
            return Refuse(context, HttpErrorReason.BadRequest, "its target is no path");
        if (target.IsAbsolute)
            context.Request.Path = PathReadings.OfKestrel(target.Path);

        // (3)
        var routing = router.RouteAsync(context);
        return routing.IsCompletedSuccessfully && !target.IsAmbiguous ? next(context)
            : FinishAsync(context, routing, target.IsAmbiguous ? target.Path.ToString() : null);
    }

    private async Task FinishAsync(HttpContext context, ValueTask routing, string? ambiguousPath)
    {
        await routing;
        // (4)
        if (ambiguousPath is not null && context.GetEndpoint() is RouteEndpoint
            && !await router.IsSameForEveryReadingAsync(context, ambiguousPath))
        {
            context.SetEndpoint(null);
            await Refuse(context, HttpErrorReason.AmbiguousPath);
            return;
        }
        await next(context);
    }

    /// <summary>The proxy itself is asked, and not what any route leads to (RFC 9110 9.3.7).</summary>
    private static Task AnswerForAll(HttpContext context)
    {
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static Task RefuseTunnel(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
        return Refuse(context, HttpErrorReason.MethodNotAllowed, "CONNECT");
    }

    private static Task Refuse(HttpContext context, HttpErrorReason reason, string? detail = null)
    {
        HttpErrors.Refuse(context, reason, detail);
        return Task.CompletedTask;
    }
}
