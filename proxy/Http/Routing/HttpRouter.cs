using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using HttpEndpoint = Microsoft.AspNetCore.Http.Endpoint;

namespace Everyport.Proxy.Http.Routing;

/// <summary>
/// Finds the route of a request: tier after tier of those that hold its destination, and in each by ASP.NET Core's own
/// routing. Matchers are made when they are first needed. Never changes; another one replaces it.
/// </summary>
internal sealed class HttpRouter : IDisposable
{
    private readonly HttpRouteTable _table;
    private readonly Dictionary<string, HttpEndpoint> _endpoints;
    private readonly RequestMatchers _matchers;
    private readonly RequestDelegate?[] _bySet;

    /// <param name="matches">What the routes ask of the destination, by name.</param>
    /// <param name="endpoints">YARP's endpoints, one for each route.</param>
    /// <param name="host">The services of the proxy host.</param>
    public HttpRouter(IEnumerable<HttpRouteMatch> matches, IEnumerable<HttpEndpoint> endpoints, IServiceProvider host)
    {
        _endpoints = endpoints
            .Select(endpoint => (Route: RouteEndpoints.RouteOf(endpoint), Endpoint: endpoint))
            .Where(entry => entry.Route is not null)
            .ToDictionary(entry => entry.Route!.RouteId, entry => entry.Endpoint, StringComparer.OrdinalIgnoreCase);
        _table = new HttpRouteTable([.. matches.Where(match => _endpoints.ContainsKey(match.Name))]);
        _matchers = new RequestMatchers(host);
        _bySet = new RequestDelegate?[_table.Sets.Count];
    }

    /// <summary>
    /// Sets the endpoint of a request. Where only the method is wrong, it is the one that says so; where nothing matches,
    /// there is none.
    /// </summary>
    public ValueTask RouteAsync(HttpContext context)
    {
        var destination = OriginalDestination.Of(context);
        if (_table.Next(destination, null) is not { } first)
            return ValueTask.CompletedTask;
        // The first tier mostly has it, and finds it at once.
        var matching = MatcherOf(first.Set)(context);
        return matching.IsCompletedSuccessfully && context.GetEndpoint() is RouteEndpoint ? ValueTask.CompletedTask : RouteAsync(context, destination, first, matching);
    }

    private async ValueTask RouteAsync(HttpContext context, Everyport.Proxy.Routing.Endpoint destination, HttpTier first, Task matching)
    {
        HttpEndpoint? refusal = null;
        for (var tier = first; tier is not null; tier = _table.Next(destination, tier))
        {
            await (ReferenceEquals(tier, first) ? matching : MatcherOf(tier.Set)(context));
            var endpoint = context.GetEndpoint();
            if (endpoint is RouteEndpoint)
                return;
            if (endpoint is not null)
            {
                refusal ??= endpoint;
                context.SetEndpoint(null);
            }
        }
        if (refusal is not null)
            context.SetEndpoint(refusal);
    }

    /// <summary>
    /// Whether every reading of the path leads to the route that was chosen. Where no route of the destination asks for a
    /// path, none can lead elsewhere.
    /// </summary>
    public async ValueTask<bool> IsSameForEveryReadingAsync(HttpContext context, string path)
    {
        if (!AsksForPath(OriginalDestination.Of(context)))
            return true;
        if (PathReadings.Of(path) is not { } readings)
            return false;

        var (chosen, values, own) = (context.GetEndpoint(), context.Request.RouteValues, context.Request.Path);
        var isSame = true;
        foreach (var reading in readings)
        {
            context.Request.Path = reading;
            context.SetEndpoint(null);
            await RouteAsync(context);
            isSame = context.GetEndpoint() == chosen;
            if (!isSame)
                break;
        }
        context.SetEndpoint(chosen);
        (context.Request.RouteValues, context.Request.Path) = (values, own);
        return isSame;
    }

    /// <summary>What has to be disposed of when no request asks for a route any more.</summary>
    public IDisposable Matchers => _matchers;

    public void Dispose() => _matchers.Dispose();

    private bool AsksForPath(Everyport.Proxy.Routing.Endpoint destination)
    {
        for (var tier = _table.Next(destination, null); tier is not null; tier = _table.Next(destination, tier))
        {
            if (tier.Set.AsksForPath)
                return true;
        }
        return false;
    }

    /// <summary>Two that make one at the same time make equal ones.</summary>
    private RequestDelegate MatcherOf(HttpRouteSet set) =>
        _bySet[set.Number] ??= _matchers.Create([.. set.Routes.Select(route => _endpoints[route])]);
}
