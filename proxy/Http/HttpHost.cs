using Everyport.Proxy.Connections;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Forwarding;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Http.Routing;
using Everyport.Proxy.Tls;
using Everyport.Proxy.Tls.Upstream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace Everyport.Proxy.Http;

/// <summary>The proxy host: Kestrel and YARP behind virtual endpoints, with no listening socket of its own.</summary>
internal static class HttpHost
{
    public static WebApplication Build(
        HttpConfiguration configuration,
        TlsSettings tls,
        CertificateStore certificates,
        UpstreamTlsClusters upstreamTls,
        VirtualListeners listeners,
        HttpDialler dialler,
        ILoggerFactory loggers)
    {
        var builder = BareHost.CreateBuilder(loggers);
        builder.Services.AddSingleton<IConnectionListenerFactory>(listeners);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(ConfigureKestrel).ConfigureKestrel(kestrel =>
            kestrel.ListenTls(tls.HandshakeTimeout, new HandshakeFailures(TimeProvider.System, loggers.CreateLogger<HandshakeFailures>())));

        builder.Services.AddHttpErrors();
        builder.Services.AddRoutingCore();
        builder.Services.AddPolicies(configuration);
        builder.Services.AddYarp()
            .LoadFromMemory(configuration.Routes, configuration.Clusters)
            .AddTransforms(context =>
            {
                ForwardingTransforms.Add(context);
                context.RequestTransforms.Add(new SentOnceTransform());
                if (configuration.ProxyProtocol.ContainsKey(context.Cluster?.ClusterId ?? ""))
                    context.AddRequestTransform(PrivateConnections.Attach);
                if (configuration.Retries.GetValueOrDefault(context.Route.RouteId) is { Statuses.Count: > 0 })
                    context.ResponseTransforms.Add(new DiscardTransform());
            });
        builder.Services.AddSingleton<IForwarderHttpClientFactory>(new HttpClients(configuration, dialler, upstreamTls));

        var app = builder.Build();
        app.UseHttpErrors();
        app.UseMisdirectedRequests(certificates);
        var routes = app.UseHttpRouting(configuration);
        app.UsePolicies(configuration.Policies);
        var plans = app.Services.GetRequiredService<RoutePlans>();
        routes.MapHttpRoutes(configuration, RoutePlans.Configure).ConfigureEndpoints((endpoint, route) => endpoint.WithMetadata(plans.Of(route)));
        app.RunRoutes();
        return app;
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // The host of a target in absolute form counts, whatever the header says (RFC 9112 3.2.2).
        kestrel.AllowHostHeaderOverride = true;
        // What is a sensible size or pace of a body is for the origin to say.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(VirtualEndPoint.Http1, options => options.Protocols = HttpProtocols.Http1);
        kestrel.Listen(VirtualEndPoint.Http2, options => options.Protocols = HttpProtocols.Http2);
    }
}
