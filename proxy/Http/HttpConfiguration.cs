using System.Collections.Frozen;
using Everyport.Proxy.Http.Policies;
using Everyport.Proxy.Http.Routing;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls.Upstream;
using Everyport.Steering.Rules;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Http;

/// <summary>
/// The section <c>ReverseProxy</c>: the routes and clusters of YARP, and what Everyport adds to the <c>Match</c> of
/// a route. Clusters of streams are not among them.
/// </summary>
internal sealed record HttpConfiguration(
    IReadOnlyList<RouteConfig> Routes,
    IReadOnlyList<ClusterConfig> Clusters,
    IReadOnlyDictionary<string, DestinationMatch> Matches)
{
    /// <summary>The clusters whose destinations are told who the client is by the PROXY protocol.</summary>
    public FrozenDictionary<string, ProxyProtocolVersion> ProxyProtocol { get; init; } = FrozenDictionary<string, ProxyProtocolVersion>.Empty;

    /// <summary>What routes may name.</summary>
    public HttpPolicies Policies { get; init; } = HttpPolicies.None;

    /// <summary>When requests of a route go to another destination; all routes are there.</summary>
    public FrozenDictionary<string, RetryRules> Retries { get; init; } = FrozenDictionary<string, RetryRules>.Empty;

    /// <summary>The clusters whose destinations have circuit breakers.</summary>
    public FrozenDictionary<string, CircuitRules> Circuits { get; init; } = FrozenDictionary<string, CircuitRules>.Empty;

    /// <summary>How destinations are known by TLS, for the clusters that say so.</summary>
    public FrozenDictionary<string, UpstreamTlsSettings> Tls { get; init; } = FrozenDictionary<string, UpstreamTlsSettings>.Empty;

    /// <summary>The clients that are believed what they say of those behind them.</summary>
    public IReadOnlyList<Prefix> TrustedProxies { get; init; } = [];

    /// <summary>What routes ask of a connection, before any request has been read.</summary>
    public IEnumerable<HttpRouteMatch> RouteMatches => Routes.Select(route =>
        new HttpRouteMatch(route.RouteId, route.Order ?? 0, Matches[route.RouteId]) { Conditions = HttpConditions.Of(route.Match), AsksForPath = HttpConditions.AskForPath(route.Match) });

    /// <summary>No route and no cluster.</summary>
    public static HttpConfiguration None { get; } = new([], [], new Dictionary<string, DestinationMatch>());
}
