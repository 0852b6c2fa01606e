using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Forwarding;
using Everyport.Proxy.Http.Guard;
using Everyport.Proxy.Http.Measuring;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Lifetime;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Logs.Requests;
using Everyport.Proxy.Reload;
using Everyport.Proxy.Tls;
using Everyport.Proxy.Tls.Upstream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Everyport.Proxy.Http;

/// <summary>
/// The proxy host: Kestrel and YARP behind virtual endpoints, with no listening socket of its own. A request gets an answer from us where
/// whatever follows has none; all the rest are the <see cref="RequestRules"/> that are in force when it begins. When it has ended a record tells of it.
/// </summary>
internal sealed class HttpHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly YarpRoutes _yarp;
    private readonly HttpClients _clients;
    private readonly InForce<HttpLimits> _limits;
    private readonly InForce<RequestRules> _rules;

    public HttpHost(
        ProxyConfiguration configuration,
        CertificateStore certificates,
        UpstreamTlsClusters upstreamTls,
        VirtualListeners listeners,
        HttpDialler dialler,
        Records records,
        ILoggerFactory loggers)
    {
        var http = configuration.Http;
        _limits = new InForce<HttpLimits>(configuration.Limits.Http);
        _clients = new HttpClients(http, dialler, upstreamTls, records.HasTraces);
        var builder = BareHost.CreateBuilder(loggers);
        builder.Services.AddSingleton<IConnectionListenerFactory>(listeners);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => KestrelEndpoints.Listen(kestrel, _limits, configuration.Tls, loggers));

        builder.Services.AddHttpErrors();
        builder.Services.AddSingleton<HttpLimitHits>();
        builder.Services.AddSingleton<HttpDrain>();
        builder.Services.AddRoutingCore();
        builder.Services.AddPolicies();
        builder.Services.AddYarp().LoadFromMemory(YarpRouteMarks.Mark(http), http.Clusters).AddTransforms(Add);
        builder.Services.AddSingleton<IConfigValidator, CheckedBefore>();
        builder.Services.AddSingleton<YarpChanges>().AddSingleton<IConfigChangeListener>(services => services.GetRequiredService<YarpChanges>());
        builder.Services.AddSingleton<IForwarderHttpClientFactory>(_clients);

        _app = builder.Build();
        _yarp = new YarpRoutes(_app.Services, RoutePlans.Configure);
        _rules = new InForce<RequestRules>(NewRules(configuration, certificates, before: null));
        State = new HttpState(
            _app.Services.GetRequiredService<IProxyStateLookup>(),
            () => _rules.Current.Plans,
            _app.Services.GetRequiredService<HttpErrorCount>(),
            _app.Services.GetRequiredService<HttpLimitHits>());
        _app.CountRefusals(records);
        _app.UseRequestRecords(records);
        _app.UseHttpErrors();
        _app.Run(context => _rules.Current.Serve(context));
    }

    public IServiceProvider Services => _app.Services;

    public HttpState State { get; }

    /// <summary>What decides about requests.</summary>
    public RequestRules Rules => _rules.Current;

    public Task StartAsync() => _app.StartAsync();

    public Task StopAsync() => _app.StopAsync();

    /// <summary>
    /// Goes over to the clusters of another configuration, and makes ready what would decide about requests then. Routes are not chosen
    /// by it before <see cref="Replace"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">YARP cannot take it up; then it has kept what it had.</exception>
    public async Task<RequestRules> PrepareAsync(ProxyConfiguration next, CertificateStore certificates)
    {
        _clients.ProxyProtocol = next.Http.ProxyProtocol;
        await _yarp.ReplaceAsync(next.Http);
        return NewRules(next, certificates, Rules);
    }

    /// <summary>Goes over to it, for requests and connections that begin from now on.</summary>
    public void Replace(RequestRules next, HttpLimits limits)
    {
        _limits.Replace(limits);
        KestrelLimits.Apply(limits, _app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value);
        var before = _rules.Current;
        _rules.Replace(next);
        Grace.Then(() => GiveUp(before, next), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Rules.Dispose();
    }

    private void GiveUp(RequestRules before, RequestRules next)
    {
        // Where steering could not follow, it is in force again.
        if (Rules != before)
            before.LeaveTo(next);
    }

    private RequestRules NewRules(ProxyConfiguration configuration, CertificateStore certificates, RequestRules? before) =>
        new(configuration.Http, configuration.Limits.Http, certificates, _yarp.Endpoints, _app.Services, before);

    private static void Add(TransformBuilderContext transforms)
    {
        ForwardingTransforms.Add(transforms);
        transforms.RequestTransforms.Add(new SentOnceTransform());
        if (YarpRouteMarks.HasPrivateConnections(transforms.Route))
            transforms.AddRequestTransform(PrivateConnections.Attach);
        if (YarpRouteMarks.Discards(transforms.Route))
            transforms.ResponseTransforms.Add(new DiscardTransform());
        transforms.ResponseTransforms.Add(transforms.Services.GetRequiredService<HttpDrain>());
        transforms.ResponseTransforms.Add(new PromptHeadersTransform());
        UpstreamTiming.Add(transforms);
    }
}
