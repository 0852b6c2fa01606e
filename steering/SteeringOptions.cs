namespace Everyport.Steering;

/// <summary>How steering is attached.</summary>
public sealed record SteeringOptions
{
    /// <summary>The file of the network namespace. The default is that of the calling thread.</summary>
    public string NetworkNamespace { get; init; } = "/proc/thread-self/ns/net";

    /// <summary>
    /// Whether steered prefixes that are not local get a route <c>local PREFIX dev lo</c>, removed again with the
    /// steering.
    /// </summary>
    public bool LocalRoutes { get; init; } = true;

    /// <summary>Whether lookups are counted by port.</summary>
    public bool CountPorts { get; init; } = true;
}
