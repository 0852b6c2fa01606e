namespace Everyport.Proxy.Clusters;

/// <summary>
/// <c>HealthCheck:Passive</c> of a stream cluster: what dials for clients tell about a destination. YARP's policies
/// for this look at responses, which a stream does not have; here failed dials in a row are counted.
/// </summary>
internal sealed record PassiveCheckConfig
{
    public bool Enabled { get; init; }

    /// <summary>How long an unhealthy destination is left alone before it gets another chance.</summary>
    public TimeSpan ReactivationPeriod { get; init; } = TimeSpan.FromMinutes(1);
}
