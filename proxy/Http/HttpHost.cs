using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Forwarding;
using Everyport.Proxy.Http.Guard;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Http.Routing;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Logs.Requests;
using Everyport.Proxy.Tls;
using Everyport.Proxy.Tls.Upstream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Everyport.Proxy.Http;

/// <summary>
/// The proxy host: Kestrel and YARP behind virtual endpoints, with no listening socket of its own. A request
/// (1) gets an answer from us where whatever follows has none;
/// (2) is refused where it can be read in two ways;
/// (3) is sent elsewhere where its host belongs to another certificate than its connection;
/// (4) gets its route: by original destination first, then by host, path and the rest;
/// (5) passes the policies of its route: CORS, rate limits, time-outs;
/// (6) is proxied by YARP, to another destination where the first one fails.
/// When it has ended a record tells of it.
/// </summary>
internal static class HttpHost
{
    public static WebApplication Build(
        ProxyConfiguration configuration,
        CertificateStore certificates,
        UpstreamTlsClusters upstreamTls,
        VirtualListeners listeners,
        HttpDialler dialler,
        Records records,
        ILoggerFactory loggers)
    {
        var (http, limits) = (configuration.Http, configuration.Limits.Http);
        var builder = BareHost.CreateBuilder(loggers);
        builder.Services.AddSingleton<IConnectionListenerFactory>(listeners);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => KestrelEndpoints.Listen(kestrel, limits, configuration.Tls, loggers));

        builder.Services.AddHttpErrors();
        builder.Services.AddSingleton<HttpLimitHits>();
        builder.Services.AddRoutingCore();
        builder.Services.AddPolicies(http);
        builder.Services.AddYarp().LoadFromMemory(http.Routes, http.Clusters).AddTransforms(transforms => Add(transforms, http));
        builder.Services.AddSingleton<IForwarderHttpClientFactory>(new HttpClients(http, dialler, upstreamTls, records.HasTraces));

        var app = builder.Build();
        app.UseRequestRecords(records);
        app.UseHttpErrors(); // (1)
        app.UseRequestGuard(limits); // (2)
        app.UseMisdirectedRequests(certificates); // (3)
        var routes = app.UseHttpRouting(http); // (4)
        app.UsePolicies(http.Policies); // (5)
        var plans = app.Services.GetRequiredService<RoutePlans>();
        routes.MapHttpRoutes(http, RoutePlans.Configure).ConfigureEndpoints((endpoint, route) => endpoint.WithMetadata(plans.Of(route)));
        app.RunRoutes(); // (6)
        return app;
    }

    private static void Add(TransformBuilderContext transforms, HttpConfiguration http)
    {
        ForwardingTransforms.Add(transforms);
        transforms.RequestTransforms.Add(new SentOnceTransform());
        if (http.ProxyProtocol.ContainsKey(transforms.Cluster?.ClusterId ?? ""))
            transforms.AddRequestTransform(PrivateConnections.Attach);
        if (http.Retries.GetValueOrDefault(transforms.Route.RouteId) is { Statuses.Count: > 0 })
            transforms.ResponseTransforms.Add(new DiscardTransform());
        transforms.ResponseTransforms.Add(new PromptHeadersTransform());
    }
}
