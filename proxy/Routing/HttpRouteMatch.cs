namespace Everyport.Proxy.Routing;

/// <summary>As much of an HTTP route as is decided before a request is read: it competes with streams, and with other HTTP routes.</summary>
internal sealed record HttpRouteMatch(string Name, int Order, DestinationMatch Match)
{
    /// <summary>What it asks of the request itself, in a form that is equal where the same is asked; empty where it takes any.</summary>
    public string Conditions { get; init; } = "";

    /// <summary>Whether it takes only some paths.</summary>
    public bool AsksForPath { get; init; }
}
