namespace Everyport.Proxy.Http.Policies;

/// <summary>What shares a limit.</summary>
internal enum RateLimitPer
{
    /// <summary>The requests of one client, or of its network, as <c>Limits</c> has it.</summary>
    Source,

    /// <summary>All requests of the route.</summary>
    Route,

    /// <summary>The requests for one host name.</summary>
    Host,
}
