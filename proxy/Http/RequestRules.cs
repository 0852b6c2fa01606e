using Everyport.Proxy.Http.Forwarding;
using Everyport.Proxy.Http.Guard;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Http.Routing;
using Everyport.Proxy.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Http;

/// <summary>
/// All that decides about a request, on its way between the errors around it and YARP. A request
/// (1) is refused where it can be read in two ways;
/// (2) is sent elsewhere where its host belongs to another certificate than its connection;
/// (3) gets its route: by original destination first, then by host, path and the rest;
/// (4) passes the policies of its route: CORS, rate limits, time-outs;
/// (5) is proxied by YARP, to another destination where the first one fails.
/// Never changes; another one replaces it, and a request that has begun under one is served by it to the end.
/// </summary>
internal sealed class RequestRules : IDisposable
{
    private readonly HttpRouter _router;
    private readonly RateLimiters _limiters;

    /// <param name="configuration">What is to be in force.</param>
    /// <param name="limits">The same for limits.</param>
    /// <param name="certificates">Those of the same configuration.</param>
    /// <param name="yarp">YARP's endpoints for its routes.</param>
    /// <param name="host">The services of the proxy host.</param>
    /// <param name="before">What is replaced; what has not changed is taken over from it with its state.</param>
    public RequestRules(
        HttpConfiguration configuration, HttpLimits limits, CertificateStore certificates, IEnumerable<RouteEndpoint> yarp, IServiceProvider host, RequestRules? before)
    {
        Plans = new RoutePlans(configuration, host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILoggerFactory>(), before?.Plans);
        _limiters = new RateLimiters(configuration.Policies, before?._limiters);
        var endpoints = new RouteEndpoints(configuration, Plans, _limiters);
        _router = new HttpRouter(configuration.RouteMatches, yarp.Select(endpoints.Complete), host);
        Plans.ForgetFormer();

        var app = new ApplicationBuilder(host);
        app.Use(next => new RequestGuard(next, limits, host.GetRequiredService<HttpLimitHits>()).InvokeAsync); // (1)
        app.UseMisdirectedRequests(certificates); // (2)
        app.Use(next => new HttpRoutingMiddleware(_router, new ClientHeaders(configuration.TrustedProxies), next).InvokeAsync); // (3)
        app.UsePolicies(configuration.Policies); // (4)
        app.RunRoutes(); // (5)
        Serve = app.Build();
    }

    public RequestDelegate Serve { get; }

    public RoutePlans Plans { get; }

    /// <summary>
    /// Gives up what <paramref name="next"/> has not taken over. The action holds nothing else: where many reloads follow each other, all that
    /// they replace would stay in memory until it is called.
    /// </summary>
    public Action WhatLeaves(RequestRules next)
    {
        IDisposable[] leaving = [.. _limiters.NotIn(next._limiters), _router.Matchers];
        return () => Array.ForEach(leaving, one => one.Dispose());
    }

    public void Dispose()
    {
        _limiters.Dispose();
        _router.Dispose();
    }
}
