using System.Net;
using Everyport.Proxy.Admin;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Http;
using Everyport.Proxy.Http.Guard;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Lifetime;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls;
using Everyport.Proxy.Tls.Upstream;
using Everyport.Proxy.Tracing;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>The whole configuration, validated. It never changes; another one replaces it.</summary>
internal sealed record ProxyConfiguration
{
    // It takes a while to make, and is wanted by several; neither streams nor HTTP routes change any more once it has been.
    private RouteTable? _tcpRoutes;

    /// <summary>Where it was read from, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>Of all that it was read from, to know it again: hexadecimal digits, or empty.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Whether it is read again when its file changes.</summary>
    public bool Watch { get; init; } = true;

    public required SteeringSettings Steering { get; init; }

    public required HttpConfiguration Http { get; init; }

    /// <summary>The clusters of <c>ReverseProxy:Clusters</c> that take streams and flows.</summary>
    public required IReadOnlyList<StreamClusterConfig> StreamClusters { get; init; }

    public required IReadOnlyList<StreamRoute> Streams { get; init; }

    /// <summary>Who takes a TCP connection: all routes of streams and HTTP.</summary>
    public RouteTable TcpRoutes => _tcpRoutes ??= RouteTable.ForTcp(Streams, Http.RouteMatches);

    /// <summary>Who has to tell the true client by the PROXY protocol.</summary>
    public required InboundProxyProtocol InboundProxyProtocol { get; init; }

    public required TlsSettings Tls { get; init; }

    public required Limits Limits { get; init; }

    /// <summary>How the proxy ends.</summary>
    public LifetimeSettings Lifetime { get; init; } = new();

    public required AdminSettings Admin { get; init; }

    /// <summary>The section <c>Logging</c>, as ASP.NET Core reads it.</summary>
    public required IConfigurationSection Logging { get; init; }

    /// <summary>What is told of each request, stream and flow.</summary>
    public AccessLogSettings AccessLog { get; init; } = new();

    /// <summary>What is sent to a collector of traces and metrics.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>The built-in origin, where one is configured.</summary>
    public DemoSettings? Demo { get; init; }

    /// <summary>How the destinations of each cluster are known by TLS.</summary>
    public IEnumerable<KeyValuePair<string, UpstreamTlsSettings>> UpstreamTls =>
        Http.Clusters.Select(cluster => KeyValuePair.Create(cluster.ClusterId, Http.Tls.GetValueOrDefault(cluster.ClusterId, UpstreamTlsSettings.Default)))
            .Concat(StreamClusters.Select(cluster => KeyValuePair.Create(cluster.Name, cluster.Tls ?? UpstreamTlsSettings.Default)));

    /// <summary>What works, but hardly as it is meant: sentences for people, each beginning with a path.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Where this program listens by itself.</summary>
    public IReadOnlyList<OwnEndpoint> OwnEndpoints => OwnEndpoint.Of(Admin.Listen, Demo);
}

/// <summary>What is steered to the proxy, and how; the flags are those of <see cref="Everyport.Steering.SteeringOptions"/>.</summary>
internal sealed record SteeringSettings(Ruleset Ruleset)
{
    public required bool LocalRoutes { get; init; }

    public required bool LeaveExistingListeners { get; init; }

    public required bool LeaveEphemeralPorts { get; init; }

    /// <summary>Whether lookups are counted by port.</summary>
    public required bool PortCounters { get; init; }

    /// <summary>Whether lookups are counted by the rule that decides them.</summary>
    public required bool RuleCounters { get; init; }

    /// <summary>Where steering is kept to outlive the process; null where it is not to.</summary>
    public string? PinPath { get; init; }
}

/// <summary>Bounds on what clients can use up.</summary>
internal sealed record Limits
{
    /// <summary>TCP connections at one time; more are closed at once.</summary>
    public int MaxConnections { get; init; } = 100_000;

    /// <summary>TCP connections of one source at one time.</summary>
    public int MaxConnectionsPerSource { get; init; } = 1000;

    /// <summary>
    /// New TCP connections of one source a second, and as many at once after a pause; 0 where they are not limited.
    /// </summary>
    public int NewConnectionsPerSecondPerSource { get; init; }

    /// <summary>The bits of an IPv4 address that tell sources apart.</summary>
    public int SourcePrefixIPv4 { get; init; } = SourceLimitSettings.OneIPv4Address;

    /// <summary>The bits of an IPv6 address that tell sources apart.</summary>
    public int SourcePrefixIPv6 { get; init; } = SourceLimitSettings.OneIPv6Network;

    /// <summary>UDP flows at one time; a new one takes the place of one that was idle for long.</summary>
    public int MaxFlows { get; init; } = 65_536;

    /// <summary>UDP flows of one source at one time.</summary>
    public int MaxFlowsPerSource { get; init; } = 1000;

    /// <summary>New UDP flows of one source a second, and as many at once after a pause; 0 where they are not limited.</summary>
    public int NewFlowsPerSecondPerSource { get; init; }

    /// <summary>How many threads receive UDP, each with a socket of its own.</summary>
    public int FlowThreads { get; init; } = 1;

    /// <summary>Bytes of datagrams, with what the kernel keeps beside them, that wait for each thread that receives UDP.</summary>
    public int FlowReceiveBuffer { get; init; } = 8 << 20;

    /// <summary>How long a client may take to send the bytes that tell its protocol.</summary>
    public TimeSpan SniffTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a client may stay silent before the stream that would take it is dialled, to hear whether the server
    /// speaks first.
    /// </summary>
    public TimeSpan SpeakFirstDelay { get; init; } = TimeSpan.FromSeconds(0.3);

    /// <summary>How long a UDP flow without a datagram is kept.</summary>
    public TimeSpan FlowIdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What HTTP clients may use up, beyond connections.</summary>
    public HttpLimits Http { get; init; } = new();

    /// <summary>What one source may use up of TCP.</summary>
    public SourceLimitSettings Source => new(
        MaxConnectionsPerSource, NewConnectionsPerSecondPerSource, Burst: NewConnectionsPerSecondPerSource, SourcePrefixIPv4, SourcePrefixIPv6);

    /// <summary>What one source may use up of UDP.</summary>
    public SourceLimitSettings FlowSource => new(
        MaxFlowsPerSource, NewFlowsPerSecondPerSource, Burst: NewFlowsPerSecondPerSource, SourcePrefixIPv4, SourcePrefixIPv6);
}

/// <summary>Where the built-in origin listens: HTTP on one endpoint, TCP and UDP echo on the other.</summary>
internal sealed record DemoSettings(IPEndPoint Http, IPEndPoint Echo);
