namespace Everyport.Proxy.Routing;

/// <summary>As much of an HTTP route as competes with streams.</summary>
internal sealed record HttpRouteMatch(string Name, int Order, DestinationMatch Match);
