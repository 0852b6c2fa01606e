namespace Everyport.Proxy.Lifetime;

/// <summary>How the proxy ends.</summary>
internal sealed record LifetimeSettings
{
    /// <summary>How long <c>/readyz</c> fails before new connections do: for those who ask only now and then, and send clients elsewhere.</summary>
    public TimeSpan ReadyDelay { get; init; }

    /// <summary>How long connections and flows may take to end by themselves; zero for not at all.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an HTTP connection may go without a request meanwhile.</summary>
    public TimeSpan RestTimeout { get; init; } = TimeSpan.FromSeconds(3);
}
