using System.Text.Json.Serialization;
using Everyport.Proxy.Reload;

namespace Everyport.Proxy.Admin.State;

/// <summary>What <c>/api/status</c> answers: what is open now, and what was turned away since the start.</summary>
internal sealed record Status(bool Ready, ConfigurationStatus Configuration, ConnectionsStatus Connections, HttpStatus Http, FlowsStatus Flows, IReadOnlyList<ClusterStatus> Clusters);

/// <summary>All TCP connections, and those of them that are streams, by route.</summary>
internal sealed record ConnectionsStatus(int Open, int Limit, IReadOnlyDictionary<string, long> Refused, IReadOnlyList<RouteStatus> Streams);

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
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Status))]
internal sealed partial class StatusJson : JsonSerializerContext;
