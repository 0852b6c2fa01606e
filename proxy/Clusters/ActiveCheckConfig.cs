namespace Everyport.Proxy.Clusters;

/// <summary><c>HealthCheck:Active</c> of a stream cluster: connections that are opened only to see whether a destination answers.</summary>
internal sealed record ActiveCheckConfig
{
    public bool Enabled { get; init; }

    /// <summary>From the beginning of one check to that of the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a check may take before it counts as failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
