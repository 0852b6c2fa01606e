using System.Net;
using Everyport.Proxy.Http;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>The whole configuration, validated. It never changes; another one replaces it.</summary>
internal sealed record ProxyConfiguration
{
    /// <summary>Where it was read from, for messages.</summary>
    public required string Source { get; init; }

    public required SteeringSettings Steering { get; init; }

    public required HttpConfiguration Http { get; init; }

    public required IReadOnlyList<StreamRoute> Streams { get; init; }

    /// <summary>Who has to tell the true client by the PROXY protocol.</summary>
    public required InboundProxyProtocol InboundProxyProtocol { get; init; }

    public required Limits Limits { get; init; }

    /// <summary>Where the admin host listens.</summary>
    public required IPEndPoint Admin { get; init; }

    /// <summary>The section <c>Logging</c>, as ASP.NET Core reads it.</summary>
    public required IConfigurationSection Logging { get; init; }

    /// <summary>The built-in origin, where one is configured.</summary>
    public DemoSettings? Demo { get; init; }

    /// <summary>What works, but hardly as it is meant: sentences for people, each beginning with a path.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Where this program listens by itself.</summary>
    public IReadOnlyList<OwnEndpoint> OwnEndpoints => OwnEndpoint.Of(Admin, Demo);
}

/// <summary>What is steered to the proxy, and how; the flags are those of <see cref="Everyport.Steering.SteeringOptions"/>.</summary>
internal sealed record SteeringSettings(Ruleset Ruleset)
{
    public required bool LocalRoutes { get; init; }

    public required bool LeaveExistingListeners { get; init; }

    public required bool LeaveEphemeralPorts { get; init; }

    /// <summary>Whether lookups are counted by port.</summary>
    public required bool PortCounters { get; init; }
}

/// <summary>Bounds on what clients can use up.</summary>
internal sealed record Limits
{
    /// <summary>TCP connections at one time; more are closed at once.</summary>
    public int MaxConnections { get; init; } = 100_000;

    /// <summary>UDP flows at one time; a new one replaces the one that was idle for longest.</summary>
    public int MaxFlows { get; init; } = 65_536;

    /// <summary>How long a client may take to send the bytes that tell its protocol.</summary>
    public TimeSpan SniffTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a UDP flow without a datagram is kept.</summary>
    public TimeSpan FlowIdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Where the built-in origin listens: HTTP on one endpoint, TCP and UDP echo on the other.</summary>
internal sealed record DemoSettings(IPEndPoint Http, IPEndPoint Echo);
