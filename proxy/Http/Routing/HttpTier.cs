namespace Everyport.Proxy.Http.Routing;

/// <summary>The routes that are equally specific for a destination.</summary>
internal sealed record HttpTier(TierPrecedence Precedence, HttpRouteSet Set);
