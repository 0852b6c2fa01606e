using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Errors;
using Everyport.Proxy.Http.Forwarding;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Http.Routing;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;
using HttpEndpoint = Microsoft.AspNetCore.Http.Endpoint;

namespace Everyport.Proxy.Explain;

/// <summary>
/// Sends requests through the routing of the proxy host, and nowhere else: clusters have neither destinations nor checks here. What decides is
/// <see cref="HttpRoutingMiddleware"/> itself.
/// </summary>
internal sealed class RequestProbe : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _routing;
    private readonly Lazy<RequestMatchers> _matchers;
    private readonly ConcurrentDictionary<HttpEndpoint, RequestDelegate> _alone = []; // the services hold on to each matcher
    private readonly HttpEndpoint[] _endpoints;
    private readonly RateLimiters _limiters = new(HttpPolicies.None, before: null);
    private readonly HttpRouter _router;

    public RequestProbe(HttpConfiguration configuration)
    {
        var http = configuration with
        {
            Routes = [.. configuration.Routes.Select(route => new RouteConfig { RouteId = route.RouteId, ClusterId = route.ClusterId, Match = route.Match, Order = route.Order })],
            Clusters = [.. configuration.Clusters.Select(cluster => new ClusterConfig { ClusterId = cluster.ClusterId })],
            Policies = HttpPolicies.None,
            Retries = FrozenDictionary<string, RetryRules>.Empty,
            Circuits = FrozenDictionary<string, CircuitRules>.Empty,
        };
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton(new DiagnosticListener(nameof(RequestProbe)));
        services.AddSingleton<IServer, NoServer>();
        services.AddRoutingCore();
        services.AddYarp().LoadFromMemory(http.Routes, http.Clusters);
        services.AddSingleton<YarpChanges>().AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<YarpChanges>());
        _services = services.BuildServiceProvider();

        var complete = new RouteEndpoints(http, new RoutePlans(http, TimeProvider.System, NullLoggerFactory.Instance, before: null), _limiters);
        _endpoints = [.. new YarpRoutes(_services, _ => { }).Endpoints.Select(complete.Complete)];
        _router = new HttpRouter(http.RouteMatches, _endpoints, _services);
        _routing = new HttpRoutingMiddleware(_router, new ClientHeaders(http.TrustedProxies), _ => Task.CompletedTask).InvokeAsync;
        _matchers = new Lazy<RequestMatchers>(() => new RequestMatchers(_services));
    }

    /// <summary>The route of a request, or the reason for which it is refused; neither where no route takes it.</summary>
    public (string? Route, HttpErrorReason? Refusal) Ask(Steered steered, Question question, ServedCertificate? certificate, CertificateDirectory certificates)
    {
        var context = NewContext(steered, question, isTls: certificate is not null);
        var host = context.Request.Host.Host;
        if (certificate is not null ? MisdirectedRequests.IsMisdirected(certificate, host, certificates) : MisdirectedRequests.NeedsTls(host, certificates))
            return (null, HttpErrorReason.Misdirected);
        // Nothing in it waits for anything.
        _routing(context).GetAwaiter().GetResult();
        if (context.Features.Get<HttpErrorFeature>() is { } error)
            return (null, error.Reason);
        return context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<RouteModel>() is null
            ? (null, HttpErrorReason.MethodNotAllowed)
            : (NameOf(context.GetEndpoint()), null);
    }

    /// <summary>Those of the routes that would take the request if they were alone.</summary>
    public IReadOnlyList<string> Matching(Steered steered, Question question, bool isTls, IReadOnlySet<string> routes)
    {
        var matching = new List<string>();
        foreach (var endpoint in _endpoints.Where(endpoint => routes.Contains(NameOf(endpoint) ?? "")))
        {
            var context = NewContext(steered, question, isTls);
            _alone.GetOrAdd(endpoint, alone => _matchers.Value.Create([alone]))(context).GetAwaiter().GetResult();
            if (context.GetEndpoint() == endpoint)
                matching.Add(NameOf(endpoint)!);
        }
        return matching;
    }

    public void Dispose()
    {
        if (_matchers.IsValueCreated)
            _matchers.Value.Dispose();
        _router.Dispose();
        _limiters.Dispose();
        _services.Dispose();
    }

    /// <summary>YARP asks for the server of its host.</summary>
    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }

    private static string? NameOf(HttpEndpoint? endpoint) => endpoint?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId;

    private DefaultHttpContext NewContext(Steered steered, Question question, bool isTls)
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        (context.Connection.LocalIpAddress, context.Connection.LocalPort) = (steered.Original.Address.ToIPAddress(), steered.Original.Port);
        (context.Connection.RemoteIpAddress, context.Connection.RemotePort) = (steered.Client.Address.ToIPAddress(), steered.Client.Port);

        var target = question.Path is { Length: > 0 } path ? path : "/";
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var request = context.Request;
        request.Method = (question.Method ?? HttpMethods.Get).ToUpperInvariant();
        request.Scheme = isTls ? "https" : "http";
        request.Protocol = HttpProtocol.Http11;
        request.Host = new HostString(question.Host ?? question.Sni ?? steered.Original.ToString());
        request.Path = target.StartsWith('/') ? PathReadings.OfKestrel(query < 0 ? target : target[..query]) : default;
        request.QueryString = new QueryString(query < 0 ? null : target[query..]);
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        foreach (var (name, value) in question.Headers)
            request.Headers.Append(name, value);
        return context;
    }
}
