using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// Makes matchers of ASP.NET Core's own routing, each for some endpoints. They get a service provider of their own:
/// the routing services hold on to every matcher they have made, and are given up together with all of them.
/// </summary>
internal sealed class RequestMatchers : IDisposable
{
    private readonly ServiceProvider _services;

    public RequestMatchers(IServiceProvider host)
    {
        var services = new ServiceCollection();
        services.AddRoutingCore();
        services.AddSingleton(host.GetRequiredService<ILoggerFactory>());
        services.TryAddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(host.GetRequiredService<DiagnosticListener>());
        // Those of the host are what YARP matches headers and queries by; ASP.NET Core's own are among them.
        services.RemoveAll<MatcherPolicy>();
        foreach (var policy in host.GetServices<MatcherPolicy>().Where(policy => policy is not HostMatcherPolicy))
            services.AddSingleton(policy);
        services.AddSingleton<MatcherPolicy, HostPolicy>();
        services.AddSingleton<MatcherPolicy, SourceMatcherPolicy>();
        services.AddSingleton<MatcherPolicy, LastResortPolicy>();
        _services = services.BuildServiceProvider();
    }

    /// <summary>Sets the endpoint of a request, and its route values, where one of these matches.</summary>
    public RequestDelegate Create(IReadOnlyList<Microsoft.AspNetCore.Http.Endpoint> endpoints)
    {
        var branch = new ApplicationBuilder(_services);
        branch.UseRouting();
        branch.Run(_ => Task.CompletedTask);
        // Never reached: it is how endpoints get into UseRouting.
        branch.UseEndpoints(routes => routes.DataSources.Add(new DefaultEndpointDataSource(endpoints)));
        return branch.Build();
    }

    public void Dispose() => _services.Dispose();
}
