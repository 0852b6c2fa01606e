using Everyport.Proxy.Admin.Access;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Lifetime;
using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Admin;

/// <summary>The admin host, apart from the proxy host so that no steered port can reach it.</summary>
internal static class AdminHost
{
    /// <summary>Builds it.</summary>
    /// <param name="settings">The configuration that is in force; where to listen, and with what certificate, is read once.</param>
    /// <param name="isOurs">Whether a client, with what it has dialled, is the proxy itself.</param>
    /// <param name="map">Adds what is to be asked for.</param>
    /// <param name="loggers">Where to log.</param>
    public static WebApplication Build(Func<AdminSettings> settings, Func<Endpoint, Endpoint, bool> isOurs, Action<IEndpointRouteBuilder> map, ILoggerFactory loggers)
    {
        var access = new AdminAccess(settings, TimeProvider.System, loggers.CreateLogger<AdminAccess>());
        var builder = BareHost.CreateBuilder(loggers);
        if (settings().Certificate is { } served)
            builder.Services.AddSingleton(_ => new AdminCertificate(served, TimeProvider.System, loggers.CreateLogger<AdminCertificate>()));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(settings(), kestrel.ApplicationServices.GetService<AdminCertificate>(), access, isOurs));
        if (settings().SharePort)
            builder.WebHost.UseSharedPort();
        builder.Services.AddRoutingCore();

        var app = builder.Build();
        app.Use(next => context => access.InvokeAsync(context, next));
        app.UseRouting();
        map(app);
        return app;
    }
}
