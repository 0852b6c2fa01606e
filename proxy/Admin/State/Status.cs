using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Everyport.Proxy.Reload;

namespace Everyport.Proxy.Admin.State;

/// <summary>What <c>/api/status</c> answers: what is open now, and what was turned away since the start.</summary>
internal sealed record Status(bool Ready, ConnectionsStatus Connections, HttpStatus Http, FlowsStatus Flows, IReadOnlyList<ClusterStatus> Clusters)
{
    public ProcessStatus? Process { get; init; }

    public ConfigurationStatus? Configuration { get; init; }

    public SteeringStatus? Steering { get; init; }
}

/// <summary>All TCP connections: those that are open, all that were accepted since the start, and those that are streams, by route.</summary>
internal sealed record ConnectionsStatus(int Open, int Limit, long Accepted, IReadOnlyDictionary<string, long> Refused, IReadOnlyList<RouteStatus> Streams);

/// <summary>HTTP requests that the proxy answered with an error of its own, or whose answer it broke off, and how often clients ran into each limit.</summary>
internal sealed record HttpStatus(IReadOnlyDictionary<string, long> Errors, IReadOnlyDictionary<string, long> LimitsHit);

/// <summary>All UDP flows, also by route, and datagrams that were not sent on.</summary>
internal sealed record FlowsStatus(int Open, int Limit, IReadOnlyDictionary<string, long> Dropped, IReadOnlyList<RouteStatus> Streams);

/// <summary>A route: how many connections or flows it has, and may have.</summary>
internal sealed record RouteStatus(string Name, string Cluster, int Open, int? Limit);

/// <summary>A cluster and its destinations.</summary>
internal sealed record ClusterStatus(string Name, IReadOnlyList<DestinationStatus> Destinations);

/// <summary>
/// A destination: its address as configured, whether it is healthy, how many connections, flows or requests it has, and the
/// state of its circuit breaker where it has one.
/// </summary>
internal sealed record DestinationStatus(string Name, string Address, string Health, int Open, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Circuit = null);

/// <summary>How a <see cref="Status"/> is written.</summary>
[JsonSerializable(typeof(Status))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    /// <summary>Escapes nothing that JSON does not ask for: it is never part of a page.</summary>
    public static StatusJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
