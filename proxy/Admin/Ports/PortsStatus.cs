using System.Text.Json;
using System.Text.Json.Serialization;
using Everyport.Proxy.Admin.State;

namespace Everyport.Proxy.Admin.Ports;

/// <summary>What <c>/api/ports</c> answers: the traffic of every port, and where it leads.</summary>
/// <param name="IsCounting">Whether ports are counted (<c>Steering:PortCounters</c>).</param>
/// <param name="Counts">A port and how many lookups of it were steered, TCP and UDP together, one after the other; ports without any are left out.</param>
/// <param name="Ranges">All ports, in order; those of a range are treated alike.</param>
internal sealed record PortsStatus(bool IsCounting, IReadOnlyList<ulong> Counts, IReadOnlyList<PortRangeStatus> Ranges);

/// <summary>
/// Ports that the same rules and routes name, each for some address, those that name the fewest ports first. Of very many, the first;
/// <paramref name="MoreRules"/> and <paramref name="MoreRoutes"/> tell how many more there are.
/// </summary>
internal sealed record PortRangeStatus(
    int First, int Last, IReadOnlyList<PortRule> Rules, IReadOnlyList<PortRoute> Routes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int MoreRules,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int MoreRoutes);

/// <summary>A rule that steers a port.</summary>
internal sealed record PortRule(string Name, string Protocols, string Target);

/// <summary>A route that takes a port: of <c>http</c>, or a stream of <c>tcp</c> or <c>udp</c>.</summary>
internal sealed record PortRoute(string Name, string Kind, string Cluster);

/// <summary>How <see cref="PortsStatus"/> is written: as small as it can be.</summary>
[JsonSerializable(typeof(PortsStatus))]
internal sealed partial class PortsJson : JsonSerializerContext
{
    public static PortsJson Compact { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = StatusJson.Readable.Options.Encoder });
}
