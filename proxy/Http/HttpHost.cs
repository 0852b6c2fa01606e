using Everyport.Proxy.Connections;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Tls.Upstream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Everyport.Proxy.Http;

/// <summary>The proxy host: Kestrel and YARP behind virtual endpoints, with no listening socket of its own.</summary>
internal static class HttpHost
{
    public static WebApplication Build(HttpConfiguration configuration, VirtualListeners listeners, HttpDialler dialler, UpstreamTlsClusters tls, ILoggerFactory loggers)
    {
        var builder = BareHost.CreateBuilder(loggers);
        builder.Services.AddSingleton<IConnectionListenerFactory>(listeners);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(ConfigureKestrel);

        builder.Services.AddHttpErrors();
        builder.Services.AddRoutingCore();
        builder.Services.AddPolicies(configuration);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, DestinationMatcherPolicy>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, DestinationPrecedencePolicy>());
        builder.Services.AddYarp()
            .LoadFromMemory(configuration.Routes, configuration.Clusters)
            .AddTransforms(context =>
            {
                context.RequestTransforms.Add(new OriginalRequestTransform());
                context.RequestTransforms.Add(new SentOnceTransform());
                if (configuration.ProxyProtocol.ContainsKey(context.Cluster?.ClusterId ?? ""))
                    context.AddRequestTransform(PrivateConnections.Attach);
                if (configuration.Retries.GetValueOrDefault(context.Route.RouteId) is { Statuses.Count: > 0 })
                    context.ResponseTransforms.Add(new DiscardTransform());
                context.ResponseTransforms.Add(new PromptHeadersTransform());
            });
        builder.Services.AddSingleton<IForwarderHttpClientFactory>(new HttpClients(configuration, dialler, tls));

        var app = builder.Build();
        app.UseHttpErrors();
        app.UseRouting();
        app.UsePolicies(configuration.Policies);
        var plans = app.Services.GetRequiredService<RoutePlans>();
        app.MapReverseProxy(RoutePlans.Configure).ConfigureEndpoints((endpoint, route) =>
        {
            endpoint.WithMetadata(plans.Of(route));
            if (configuration.Matches.TryGetValue(route.RouteId, out var match) && !match.IsAny)
                endpoint.WithMetadata(match);
        });
        return app;
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // What is a sensible size or pace of a body is for the origin to say.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(VirtualEndPoint.Http1, options => options.Protocols = HttpProtocols.Http1);
        kestrel.Listen(VirtualEndPoint.Http2, options => options.Protocols = HttpProtocols.Http2);
    }
}
