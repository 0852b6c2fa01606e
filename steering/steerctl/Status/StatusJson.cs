using System.Text.Json;

namespace Everyport.Steering.Cli.Status;

/// <summary>The properties of a steering. Their names are relied upon: they only become more.</summary>
internal static class StatusJson
{
    public static void Write(Utf8JsonWriter json, SteeringSnapshot snapshot)
    {
        json.WriteNumber("layout", snapshot.Layout);
        json.WriteNumber("program", snapshot.Program);
        WriteOrNull(json, "attached", snapshot.Attached, json.WriteBoolean);
        WriteOrNull(json, "namespace", snapshot.NamespaceInode, json.WriteNumber);
        json.WriteBoolean("kept", snapshot.IsKept);
        json.WriteStartArray("rules");
        foreach (var (owner, rules) in snapshot.RulesByOwner.OrderBy(owner => owner.Key, StringComparer.Ordinal))
        {
            foreach (var rule in rules.Rules)
                RuleJson.WriteCounted(json, rule, owner, snapshot.HitsOf(owner, rule));
        }
        json.WriteEndArray();
        json.WriteStartArray("guards");
        foreach (var rule in snapshot.Guards)
            RuleJson.WriteCounted(json, rule, owner: null, snapshot.HitsOf("", rule));
        json.WriteEndArray();
        WriteDenied(json, snapshot);
        json.WriteStartArray("localRoutes");
        foreach (var prefix in snapshot.LocalRoutes)
            json.WriteStringValue(prefix.ToString());
        json.WriteEndArray();
        json.WriteStartArray("services");
        foreach (var service in snapshot.Services)
            Write(json, service);
        json.WriteEndArray();
        json.WriteStartObject("totals");
        json.WriteNumber("passed", snapshot.Totals.Passed);
        json.WriteNumber("dropped", snapshot.Totals.Dropped);
        json.WriteNumber("denied", snapshot.Totals.Denied);
        json.WriteEndObject();
    }

    private static void WriteDenied(Utf8JsonWriter json, SteeringSnapshot snapshot)
    {
        json.WriteStartArray("denySources");
        foreach (var (owner, rules) in snapshot.RulesByOwner.OrderBy(owner => owner.Key, StringComparer.Ordinal))
        {
            foreach (var prefix in rules.DenySources)
            {
                json.WriteStartObject();
                json.WriteString("prefix", prefix.ToString());
                json.WriteString("owner", owner);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ServiceSnapshot service)
    {
        json.WriteStartObject();
        json.WriteString("name", service.Name);
        json.WriteString("protocol", RuleText.Of(service.Protocol));
        WriteSockets(json, "ipv4", service.IPv4Slots);
        WriteSockets(json, "ipv6", service.IPv6Slots);
        json.WriteNumber("steered", service.Counters.Steered);
        json.WriteNumber("refused", service.Counters.Refused);
        json.WriteNumber("error", service.Counters.Error);
        json.WriteEndObject();
    }

    private static void WriteSockets(Utf8JsonWriter json, string name, IEnumerable<ulong> slots)
    {
        json.WriteStartArray(name);
        foreach (var cookie in slots.Where(cookie => cookie != 0))
            json.WriteStringValue(SocketText.Of(cookie));
        json.WriteEndArray();
    }

    private static void WriteOrNull<T>(Utf8JsonWriter json, string name, T? value, Action<string, T> write) where T : struct
    {
        if (value is { } known)
            write(name, known);
        else
            json.WriteNull(name);
    }
}
