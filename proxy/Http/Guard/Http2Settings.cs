namespace Everyport.Proxy.Http.Guard;

/// <summary>What a client is allowed on an HTTP/2 connection, the section <c>Limits:Http:Http2</c>.</summary>
internal sealed record Http2Settings
{
    /// <summary>Requests at one time.</summary>
    public int MaxStreams { get; init; } = 100;

    /// <summary>Bytes of one request's body that are taken before the origin has.</summary>
    public int StreamWindow { get; init; } = 768 << 10;

    /// <summary>The same for all requests of a connection.</summary>
    public int ConnectionWindow { get; init; } = 1 << 20;

    /// <summary>Bytes of the name and the value of one header, as they are sent.</summary>
    public int MaxHeaderField { get; init; } = 32_768;

    /// <summary>How long a client may be silent before it is asked whether it is still there; null where it never is.</summary>
    public TimeSpan? KeepAlivePing { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long it may take to answer that.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public FrameLimits Frames { get; init; } = new();
}
