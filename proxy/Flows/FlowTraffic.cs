namespace Everyport.Proxy.Flows;

/// <summary>
/// What one thread has moved for each route since it was last reported: metrics with labels cost more than the rest of
/// the work on a datagram.
/// </summary>
internal sealed class FlowTraffic(IReadOnlyList<FlowRoute> routes)
{
    private readonly FlowCount[] _toDestination = new FlowCount[routes.Count], _toClient = new FlowCount[routes.Count];

    public void ToDestination(FlowRoute route, int datagrams, int bytes) => _toDestination[route.Index].Add(datagrams, bytes);

    public void ToClient(FlowRoute route, int datagrams, int bytes) => _toClient[route.Index].Add(datagrams, bytes);

    /// <summary>Adds it to the metrics.</summary>
    public void Report()
    {
        foreach (var route in routes)
        {
            FlowMetrics.Moved(route.Route, _toDestination[route.Index], _toClient[route.Index]);
            (_toDestination[route.Index], _toClient[route.Index]) = (default, default);
        }
    }
}
