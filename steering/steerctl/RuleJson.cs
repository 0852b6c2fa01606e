using System.Text.Json;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli;

/// <summary>Writes a rule as an object.</summary>
internal static class RuleJson
{
    /// <summary><paramref name="owner"/> is left out where it goes without saying.</summary>
    public static void Write(Utf8JsonWriter json, Rule rule, string? owner = null)
    {
        json.WriteStartObject();
        WriteProperties(json, rule, owner);
        json.WriteEndObject();
    }

    /// <summary>The same, with how often it has decided; null where that is not counted.</summary>
    public static void WriteCounted(Utf8JsonWriter json, Rule rule, string? owner, ulong? hits)
    {
        json.WriteStartObject();
        WriteProperties(json, rule, owner);
        if (hits is { } known)
            json.WriteNumber("hits", known);
        else
            json.WriteNull("hits");
        json.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter json, Rule rule, string? owner)
    {
        json.WriteString("name", rule.Name);
        if (owner is not null)
            json.WriteString("owner", owner);
        json.WriteStartArray("protocols");
        if ((rule.Protocols & Protocols.Tcp) != 0)
            json.WriteStringValue("tcp");
        if ((rule.Protocols & Protocols.Udp) != 0)
            json.WriteStringValue("udp");
        json.WriteEndArray();
        json.WriteStartArray("prefixes");
        foreach (var prefix in rule.Prefixes)
            json.WriteStringValue(prefix.ToString());
        json.WriteEndArray();
        json.WriteString("ports", rule.Ports.ToString());
        json.WriteString("target", JsonNamingPolicy.CamelCase.ConvertName(rule.Target.Kind.ToString()));
        if (rule.Target.Service is { } service)
            json.WriteString("service", service);
    }
}
