using Everyport.Proxy.Http.Forwarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using HttpEndpoint = Microsoft.AspNetCore.Http.Endpoint;

namespace Everyport.Proxy.Http.Routing;

/// <summary>How the proxy host routes: in place of <c>UseRouting</c>, <c>app.MapReverseProxy()</c> and <c>UseEndpoints</c>.</summary>
internal static class HttpRouting
{
    /// <summary>Chooses the route of each request. YARP is mapped on what is returned, not on the application.</summary>
    public static IEndpointRouteBuilder UseHttpRouting(this IApplicationBuilder app, HttpConfiguration configuration)
    {
        var routes = new ProxyRoutes(app);
        // YARP makes its endpoints when they are first asked for, after all has been set up.
        var router = new Lazy<HttpRouter>(() => new HttpRouter(configuration.RouteMatches, routes.Endpoints, app.ApplicationServices));
        app.Use(next =>
        {
            var middleware = new HttpRoutingMiddleware(router, new ClientHeaders(configuration.TrustedProxies), next);
            return middleware.InvokeAsync;
        });
        return routes;
    }

    /// <summary>Maps YARP, and tells its endpoints the sources that they are for.</summary>
    public static ReverseProxyConventionBuilder MapHttpRoutes(
        this IEndpointRouteBuilder routes, HttpConfiguration configuration, Action<IReverseProxyApplicationBuilder> pipeline) =>
        routes.MapReverseProxy(pipeline).ConfigureEndpoints((endpoint, route) =>
        {
            if (configuration.Matches.TryGetValue(route.RouteId, out var match) && match.Sources.Count > 0)
                endpoint.WithMetadata(match);
        });

    /// <summary>Comes last: runs the route that has been chosen.</summary>
    public static void RunRoutes(this IApplicationBuilder app) => app.Run(context =>
    {
        if (context.GetEndpoint()?.RequestDelegate is { } run)
            return run(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    private sealed class ProxyRoutes(IApplicationBuilder app) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => app.ApplicationServices;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IEnumerable<HttpEndpoint> Endpoints => DataSources.SelectMany(source => source.Endpoints);

        public IApplicationBuilder CreateApplicationBuilder() => app.New();
    }
}
