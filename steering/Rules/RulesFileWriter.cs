using System.Text.Json;

namespace Everyport.Steering.Rules;

/// <summary>Writes rules in the form that <see cref="RulesFile"/> reads. Of rules with the same name the first is written.</summary>
internal static class RulesFileWriter
{
    public static void Write(Utf8JsonWriter json, IEnumerable<Rule> rules, IEnumerable<Prefix> denySources)
    {
        json.WriteStartObject();
        json.WriteStartObject("Rules");
        foreach (var rule in rules.DistinctBy(rule => rule.Name, StringComparer.OrdinalIgnoreCase))
            Write(json, rule);
        json.WriteEndObject();
        json.WriteStartArray("DenySources");
        foreach (var prefix in denySources)
            json.WriteStringValue(prefix.ToString());
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Rule rule)
    {
        json.WriteStartObject(rule.Name);
        json.WriteStartArray("Prefixes");
        foreach (var prefix in rule.Prefixes)
            json.WriteStringValue(prefix.ToString());
        json.WriteEndArray();
        if (!rule.Ports.IsAll)
            json.WriteString("Ports", rule.Ports.ToString());
        if (rule.Protocols != Protocols.All)
            json.WriteString("Protocols", rule.Protocols == Protocols.Tcp ? "tcp" : "udp");
        if (rule.Target != Target.Proxy)
            json.WriteString("Action", rule.Target.Kind.ToString());
        if (rule.Target.Kind == TargetKind.Service && rule.Target != Target.Proxy)
            json.WriteString("Service", rule.Target.Service);
        json.WriteEndObject();
    }
}
