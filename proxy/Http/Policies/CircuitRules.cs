namespace Everyport.Proxy.Http.Policies;

/// <summary>When a destination gets no requests for a while (<c>CircuitBreaker</c> of a cluster).</summary>
internal sealed record CircuitRules
{
    /// <summary>So many failures in a window are too many, whatever succeeds; null where their share decides.</summary>
    public int? Failures { get; init; }

    /// <summary>The share of failures in a window that is too much.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>With fewer in a window, the share says nothing.</summary>
    public int MinimumRequests { get; init; } = 10;

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing is sent there, until one request may try.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(10);
}
