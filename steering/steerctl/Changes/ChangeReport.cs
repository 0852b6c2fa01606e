using System.Text.Json;
using Everyport.Steering.Cli.Output;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli.Changes;

/// <summary>What has become, or would become, of the rules: a line for each that changes.</summary>
internal sealed class ChangeReport : IReport
{
    public const string Json =
        "an object with changed (whether anything is), added, removed and changes (lists of rules; of changes with before and after), denySources (added and removed), guards (the rules that guard rails have added), "
        + "and skippedRoutes (prefixes without a local route, each with the network that it would have cut off). A rule has name, protocols, prefixes, ports, target (service, pass or drop) and service.";

    private readonly RulesetChange _change;
    private readonly Publication? _publication;

    private ChangeReport(RulesetChange change, Publication? publication) => (_change, _publication) = (change, publication);

    /// <summary>Makes the report, and tells of what did not come as it was asked for.</summary>
    public static ChangeReport Of((RulesetChange Change, Publication? Publication) done, Surroundings outside)
    {
        if (done.Change.IsEmpty)
            outside.Error.WriteLine("Nothing to change.");
        foreach (var route in done.Publication?.SkippedRoutes ?? [])
            outside.Error.WriteLine($"{route.Prefix} gets no local route, as that would cut off the network {route.Subnet} of an interface: only its addresses that are local already are steered.");
        return new ChangeReport(done.Change, done.Publication);
    }

    public void WriteText(TextWriter output)
    {
        foreach (var prefix in _change.RemovedDenySources)
            output.WriteLine($"- deny {prefix}");
        foreach (var prefix in _change.AddedDenySources)
            output.WriteLine($"+ deny {prefix}");
        foreach (var rule in _change.Removed)
            WriteLine(output, "- ", rule);
        foreach (var (before, after) in _change.Changed)
            WriteLine(output, "~ ", after, before);
        foreach (var rule in _change.Added)
            WriteLine(output, "+ ", rule);
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("changed", !_change.IsEmpty);
        WriteRules(json, "added", _change.Added);
        WriteRules(json, "removed", _change.Removed);
        json.WriteStartArray("changes");
        foreach (var (before, after) in _change.Changed)
        {
            json.WriteStartObject();
            json.WritePropertyName("before");
            RuleJson.Write(json, before);
            json.WritePropertyName("after");
            RuleJson.Write(json, after);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("denySources");
        WritePrefixes(json, "added", _change.AddedDenySources);
        WritePrefixes(json, "removed", _change.RemovedDenySources);
        json.WriteEndObject();
        WriteRules(json, "guards", _publication?.Guards ?? []);
        json.WriteStartArray("skippedRoutes");
        foreach (var route in _publication?.SkippedRoutes ?? [])
        {
            json.WriteStartObject();
            json.WriteString("prefix", route.Prefix.ToString());
            json.WriteString("network", route.Subnet.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLine(TextWriter output, string sign, Rule rule, Rule? before = null)
    {
        output.Write(sign);
        RuleText.Write(output, rule);
        if (before is not null)
        {
            output.Write(" (was: ");
            RuleText.WriteBody(output, before);
            output.Write(')');
        }
        output.Write('\n');
    }

    private static void WriteRules(Utf8JsonWriter json, string name, IEnumerable<Rule> rules)
    {
        json.WriteStartArray(name);
        foreach (var rule in rules)
            RuleJson.Write(json, rule);
        json.WriteEndArray();
    }

    private static void WritePrefixes(Utf8JsonWriter json, string name, IEnumerable<Prefix> prefixes)
    {
        json.WriteStartArray(name);
        foreach (var prefix in prefixes)
            json.WriteStringValue(prefix.ToString());
        json.WriteEndArray();
    }
}
