namespace Everyport.Proxy.Flows;

/// <summary>What the flows of one route, on one thread, have moved since it was last reported.</summary>
internal sealed class RouteTraffic
{
    public FlowCount ToDestination, ToClient;

    /// <summary>Flows that add to it.</summary>
    public int Flows { get; set; }
}
