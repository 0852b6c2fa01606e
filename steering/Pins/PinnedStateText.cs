using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Everyport.Steering.Counters;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Pins;

/// <summary>
/// The state of a pinned steering as JSON. Its form is older than any layout of the maps, and newer programs keep to it: they
/// may add keys, which others leave out.
/// </summary>
internal static class PinnedStateText
{
    private const string Layout = "layout", Slots = "slotsPerService", Program = "program", Namespace = "namespace", Services = "services", Owners = "owners", Guards = "guards";
    private const string Kept = "kept", Routes = "routes", Choices = "choices", RuleNumbers = "ruleNumbers";
    private const string NoRoutes = "noLocalRoutes", NoListeners = "takeListeners", NoEphemeral = "takeEphemeralPorts", NoPorts = "noPortCounters", NoRules = "noRuleCounters";

    public static byte[] Write(PinnedState state)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber(Layout, state.Layout);
            json.WriteNumber(Slots, state.SlotsPerService);
            json.WriteNumber(Program, state.Program);
            json.WriteNumber(Namespace, state.Namespace);
            json.WriteStartObject(Services);
            foreach (var (name, number) in state.Services.OrderBy(service => service.Value))
                json.WriteNumber(name, number);
            json.WriteEndObject();
            json.WriteStartObject(Owners);
            foreach (var (owner, rules) in state.Rules.OrderBy(rules => rules.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(owner);
                RulesFileWriter.Write(json, rules.Rules, rules.DenySources);
            }
            json.WriteEndObject();
            json.WritePropertyName(Guards);
            RulesFileWriter.Write(json, state.Guards, []);
            json.WriteBoolean(Kept, state.IsKept);
            json.WriteStartArray(Routes);
            foreach (var route in state.Routes)
                json.WriteStringValue(route.ToString());
            json.WriteEndArray();
            WriteChoices(json, state.Choices);
            WriteNumbers(json, state.RuleNumbers);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    /// <exception cref="SteeringException">It is not such a text.</exception>
    public static PinnedState Read(byte[] text, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            return new PinnedState
            {
                Layout = root.GetProperty(Layout).GetInt32(),
                SlotsPerService = root.GetProperty(Slots).GetInt32(),
                Program = root.GetProperty(Program).GetUInt32(),
                Namespace = root.TryGetProperty(Namespace, out var inode) ? inode.GetUInt64() : 0,
                Services = root.GetProperty(Services).EnumerateObject().ToImmutableDictionary(service => service.Name, service => service.Value.GetInt32(), StringComparer.Ordinal),
                Rules = root.GetProperty(Owners).EnumerateObject().ToImmutableDictionary(owner => owner.Name, owner => ReadRules(owner.Value), StringComparer.Ordinal),
                Guards = ReadRules(root.GetProperty(Guards)).Rules,
                IsKept = root.TryGetProperty(Kept, out var kept) && kept.GetBoolean(),
                Routes = root.TryGetProperty(Routes, out var routes) ? [.. routes.EnumerateArray().Select(ReadPrefix)] : [],
                Choices = root.TryGetProperty(Choices, out var choices)
                    ? choices.EnumerateObject().ToImmutableDictionary(owner => owner.Name, owner => ReadChoices(owner.Value), StringComparer.Ordinal)
                    : ImmutableDictionary.Create<string, OwnerChoices>(StringComparer.Ordinal),
                RuleNumbers = root.TryGetProperty(RuleNumbers, out var numbers) ? ReadNumbers(numbers) : null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SteeringException($"Cannot read the state of the steering in '{path}' (PinPath): {e.Message} Was it written by another program? To begin anew, remove what is in the directory.", e) { IsNotUnderstood = true };
        }
    }

    /// <summary>Only what differs from the default is written: who does not know a choice has made none.</summary>
    private static void WriteChoices(Utf8JsonWriter json, ImmutableDictionary<string, OwnerChoices> choices)
    {
        json.WriteStartObject(Choices);
        foreach (var (owner, chosen) in choices.Where(choice => choice.Value != OwnerChoices.Default).OrderBy(choice => choice.Key, StringComparer.Ordinal))
        {
            json.WriteStartArray(owner);
            foreach (var (name, isSo) in ((string, bool)[])[
                (NoRoutes, !chosen.LocalRoutes), (NoListeners, !chosen.LeaveExistingListeners), (NoEphemeral, !chosen.LeaveEphemeralPorts), (NoPorts, !chosen.CountPorts), (NoRules, !chosen.CountRules)])
            {
                if (isSo)
                    json.WriteStringValue(name);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static OwnerChoices ReadChoices(JsonElement json)
    {
        var names = json.EnumerateArray().Select(name => name.GetString()).ToHashSet();
        return new OwnerChoices(!names.Contains(NoRoutes), !names.Contains(NoListeners), !names.Contains(NoEphemeral), !names.Contains(NoPorts), !names.Contains(NoRules));
    }

    private static void WriteNumbers(Utf8JsonWriter json, ImmutableDictionary<RuleName, int>? numbers)
    {
        if (numbers is null)
            return;
        json.WriteStartObject(RuleNumbers);
        foreach (var owned in numbers.OrderBy(counted => counted.Value).GroupBy(counted => counted.Key.Owner, StringComparer.Ordinal))
        {
            json.WriteStartObject(owned.Key);
            foreach (var (name, number) in owned)
                json.WriteNumber(name.Name, number);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static ImmutableDictionary<RuleName, int> ReadNumbers(JsonElement json) =>
        json.EnumerateObject()
            .SelectMany(owner => owner.Value.EnumerateObject(), (owner, rule) => KeyValuePair.Create(new RuleName(owner.Name, rule.Name), rule.Value.GetInt32()))
            .ToImmutableDictionary();

    private static Prefix ReadPrefix(JsonElement json) =>
        Prefix.TryParse(json.GetString() ?? "", out var prefix, out var error) ? prefix : throw new FormatException($"{error}.");

    private static Ruleset ReadRules(JsonElement json) =>
        RulesFile.TryParse(JsonMarshal.GetRawUtf8Value(json), out var ruleset, out var errors) ? ruleset : throw new FormatException($"{string.Join("; ", errors)}.");
}
