namespace Everyport.Proxy.Flows;

/// <summary>
/// What one thread has moved for each route since it was last reported: metrics with labels cost more than the rest of
/// the work on a datagram. A route that has left the configuration is known as long as it has flows.
/// </summary>
internal sealed class FlowTraffic
{
    private readonly Dictionary<FlowRoute, RouteTraffic> _byRoute = [];

    /// <summary>Where a new flow adds what it moves. It has to <see cref="Leave"/>.</summary>
    public RouteTraffic Enter(FlowRoute route)
    {
        if (!_byRoute.TryGetValue(route, out var traffic))
            _byRoute[route] = traffic = new RouteTraffic();
        traffic.Flows++;
        return traffic;
    }

    public static void Leave(RouteTraffic traffic) => traffic.Flows--;

    /// <summary>Adds it to the metrics.</summary>
    public void Report()
    {
        foreach (var (route, traffic) in _byRoute)
        {
            FlowMetrics.Moved(route.Route, traffic.ToDestination, traffic.ToClient);
            (traffic.ToDestination, traffic.ToClient) = (default, default);
            if (traffic.Flows == 0)
                _byRoute.Remove(route);
        }
    }
}
