using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Http;

/// <summary>
/// YARP's routes and clusters: it makes an endpoint for each route, and keeps what it knows of clusters and destinations that stay when
/// others replace them. Until then, endpoints of before go on working, also those of routes and clusters that have left.
/// </summary>
internal sealed class YarpRoutes : IEndpointRouteBuilder
{
    private readonly InMemoryConfigProvider _provider;
    private readonly YarpChanges _changes;

    public YarpRoutes(IServiceProvider services, Action<IReverseProxyApplicationBuilder> pipeline)
    {
        ServiceProvider = services;
        _provider = services.GetRequiredService<InMemoryConfigProvider>();
        _changes = services.GetRequiredService<YarpChanges>();
        this.MapReverseProxy(pipeline);
    }

    public IServiceProvider ServiceProvider { get; }

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    /// <summary>One for each route.</summary>
    public IEnumerable<RouteEndpoint> Endpoints => DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);

    /// <summary>Goes over to the routes and clusters of another configuration; one at a time.</summary>
    /// <exception cref="InvalidOperationException">YARP cannot; it says why.</exception>
    public async Task ReplaceAsync(HttpConfiguration next)
    {
        var applied = _changes.Next();
        _provider.Update(YarpRouteMarks.Mark(next), next.Clusters);
        await applied;
    }
}
