using Everyport.Proxy.ProxyProtocol;

namespace Everyport.Proxy.Routing;

/// <summary>How connections of a stream are proxied; for UDP, only the idle time-out and <see cref="Flows"/> count.</summary>
internal sealed record StreamSettings
{
    public static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromHours(1);

    /// <summary>The header that tells the destination who the client is; null for none.</summary>
    public ProxyProtocolVersion? ProxyProtocol { get; init; }

    public UpstreamSource SourceAddress { get; init; }

    /// <summary>For the whole dial of one destination: looking up its name, and all of its addresses.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many destinations are tried at most.</summary>
    public int DialAttempts { get; init; } = 3;

    /// <summary>How long nothing may be sent in either direction. Null: for TCP without end, for UDP as <c>Limits:FlowIdleTimeout</c> says.</summary>
    public TimeSpan? IdleTimeout { get; init; } = DefaultIdleTimeout;

    /// <summary>How long a connection may last; null for without end.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>How many connections there may be at one time; null for as many as come.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>For UDP only.</summary>
    public FlowSettings Flows { get; init; } = new();
}
