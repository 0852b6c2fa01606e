namespace Everyport.Proxy.Clusters;

/// <summary><c>HealthCheck</c> of a stream cluster.</summary>
internal sealed record ClusterHealthConfig
{
    public ActiveCheckConfig Active { get; init; } = new();

    public PassiveCheckConfig Passive { get; init; } = new();

    public AvailableDestinations AvailableDestinations { get; init; }

    /// <summary>
    /// After how many failures in a row a destination is unhealthy, for checks of both kinds: YARP's
    /// <c>Metadata:ConsecutiveFailuresHealthPolicy.Threshold</c>.
    /// </summary>
    public int FailureThreshold { get; init; } = 2;
}
