using System.Net;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Forwarding;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Http.Routing;
using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Tests.Http.Routing;

/// <summary>Routes requests as the proxy host does, with YARP's own endpoints, and tells which route was chosen.</summary>
internal sealed class RoutingHost : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly YarpRoutes _yarp;
    private HttpRouter _router;

    public RoutingHost(params IReadOnlyList<(RouteConfig Route, DestinationMatch Match)> routes)
    {
        var configuration = Configuration(routes);
        var builder = BareHost.CreateBuilder(NullLoggerFactory.Instance);
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddYarp().LoadFromMemory(configuration.Routes, configuration.Clusters);
        builder.Services.AddSingleton<YarpChanges>().AddSingleton<IConfigChangeListener>(services => services.GetRequiredService<YarpChanges>());
        _host = builder.Build();
        _yarp = new YarpRoutes(_host.Services, _ => { });
        _router = NewRouter(configuration);
    }

    /// <summary>Goes over to other routes, as a reload does.</summary>
    public async Task ReplaceAsync(IReadOnlyList<(RouteConfig Route, DestinationMatch Match)> routes)
    {
        await _yarp.ReplaceAsync(Configuration(routes));
        _router.Dispose();
        _router = NewRouter(Configuration(routes));
    }

    /// <summary>The name of the route, the status where the request is refused, or null.</summary>
    public async Task<string?> RouteAsync(HttpContext context)
    {
        await new HttpRoutingMiddleware(_router, new ClientHeaders([]), Chosen).InvokeAsync(context);
        return context.Items.TryGetValue("route", out var route) ? (string?)route : $"{context.Response.StatusCode}";
    }

    public Task<string?> RouteAsync(string path, string to = "192.0.2.1:80", string from = "203.0.113.9:40000") => RouteAsync(Request(path, to, from));

    /// <summary>A request as Kestrel has it.</summary>
    public static DefaultHttpContext Request(string path, string to = "192.0.2.1:80", string from = "203.0.113.9:40000")
    {
        var (destination, client) = (IPEndPoint.Parse(to), IPEndPoint.Parse(from));
        var context = new DefaultHttpContext();
        (context.Connection.LocalIpAddress, context.Connection.LocalPort) = (destination.Address, destination.Port);
        (context.Connection.RemoteIpAddress, context.Connection.RemotePort) = (client.Address, client.Port);
        (context.Request.Method, context.Request.Path) = ("GET", path);
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = path;
        return context;
    }

    public ValueTask DisposeAsync()
    {
        _router.Dispose();
        return _host.DisposeAsync();
    }

    private static Task Chosen(HttpContext context)
    {
        context.Items["route"] = context.GetEndpoint()?.DisplayName;
        return Task.CompletedTask;
    }

    private static HttpConfiguration Configuration(IReadOnlyList<(RouteConfig Route, DestinationMatch Match)> routes) => new(
        [.. routes.Select(route => route.Route)],
        [new ClusterConfig { ClusterId = "cluster" }],
        routes.ToDictionary(route => route.Route.RouteId, route => route.Match, StringComparer.OrdinalIgnoreCase));

    private HttpRouter NewRouter(HttpConfiguration configuration)
    {
        var plans = new RoutePlans(configuration, TimeProvider.System, NullLoggerFactory.Instance, before: null);
        var endpoints = new RouteEndpoints(configuration, plans, new RateLimiters(HttpPolicies.None, before: null));
        return new HttpRouter(configuration.RouteMatches, _yarp.Endpoints.Select(endpoints.Complete), _host.Services);
    }
}
