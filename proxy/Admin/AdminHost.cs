using System.Net;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Reload;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Admin;

/// <summary>The admin host, apart from the proxy host so that no steered port can reach it.</summary>
internal static class AdminHost
{
    public static WebApplication Build(IPEndPoint listen, Func<bool> isReady, Func<Status?> status, Func<Reloader?> reloader, ILoggerFactory loggers)
    {
        var builder = BareHost.CreateBuilder(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen);
        });
        builder.Services.AddRoutingCore();

        var app = builder.Build();
        app.UseRouting();
        app.MapGet("/livez", () => Results.Text("ok\n"));
        app.MapGet("/readyz", () => isReady() ? Results.Text("ok\n") : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/api/status", () => status() is { } now
            ? Results.Json(now, StatusJson.Default.Status)
            : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapReload(reloader);
        return app;
    }
}
