namespace Everyport.Proxy.Http.Policies;

/// <summary>The state of a circuit breaker. The names reach the status and the log unchanged.</summary>
internal enum CircuitState
{
    /// <summary>Requests pass.</summary>
    Closed,

    /// <summary>The break is over: one request at a time may try.</summary>
    HalfOpen,

    /// <summary>No request passes.</summary>
    Open,
}
