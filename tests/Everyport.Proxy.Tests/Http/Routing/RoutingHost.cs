using System.Net;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Http;
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
    private readonly RequestDelegate _pipeline;

    public RoutingHost(params IReadOnlyList<(RouteConfig Route, DestinationMatch Match)> routes)
    {
        var configuration = new HttpConfiguration(
            [.. routes.Select(route => route.Route)], [new ClusterConfig { ClusterId = "cluster" }],
            routes.ToDictionary(route => route.Route.RouteId, route => route.Match, StringComparer.OrdinalIgnoreCase));
        var builder = BareHost.CreateBuilder(NullLoggerFactory.Instance);
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddYarp().LoadFromMemory(configuration.Routes, configuration.Clusters);
        _host = builder.Build();
        var app = new ApplicationBuilder(_host.Services);
        app.UseHttpRouting(configuration).MapHttpRoutes(configuration, _ => { });
        app.Run(context =>
        {
            context.Items["route"] = context.GetEndpoint()?.DisplayName;
            return Task.CompletedTask;
        });
        _pipeline = app.Build();
    }

    /// <summary>The name of the route, the status where the request is refused, or null.</summary>
    public async Task<string?> RouteAsync(HttpContext context)
    {
        await _pipeline(context);
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

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
