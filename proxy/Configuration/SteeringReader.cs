using Everyport.Proxy.Configuration.Schema;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>Steering</c>.</summary>
internal static class SteeringReader
{
    // What RuleDescription parses.
    private static readonly ValueForm OnePrefix = ValueForm.Of(typeof(Prefix)), Ports = ValueForm.Of(typeof(PortRanges)), Protocol = ValueForm.Of(typeof(Protocols));
    private static readonly ValueForm Action = ValueForm.OneOf(RuleDescription.Actions);

    public static SteeringSettings Read(SectionReader section)
    {
        var rules = section.Entries("Rules").Select(ReadRule).OfType<Rule>().ToArray();
        if (!Ruleset.TryCreate(rules, ReadDenySources(section), out var ruleset, out var conflicts))
        {
            foreach (var conflict in conflicts)
                section.Error("Rules", conflict);
        }
        var settings = new SteeringSettings(ruleset)
        {
            LocalRoutes = section.Flag("LocalRoutes", true),
            LeaveExistingListeners = section.Flag("LeaveExistingListeners", true),
            LeaveEphemeralPorts = section.Flag("LeaveEphemeralPorts", true),
            PortCounters = section.Flag("PortCounters", true),
            RuleCounters = section.Flag("RuleCounters", true),
            PinPath = section.Value<string?>("PinPath", null, ParsePinPath),
        };
        section.RejectUnknown();
        return settings;
    }

    private static IReadOnlyList<Prefix> ReadDenySources(SectionReader section)
    {
        var seen = new HashSet<Prefix>();
        return section.Values("DenySources", (string text, out Prefix prefix, out string? error) =>
        {
            if (!Prefix.TryParse(text, out prefix, out error))
                return false;
            error = seen.Add(prefix) ? null : $"'{text}' is listed twice";
            return error is null;
        });
    }

    private static bool ParsePinPath(string text, out string? path, out string? error)
    {
        path = text.Length == 0 ? null : text.TrimEnd('/'); // the providers of configuration make an empty text of null
        error = path is null || Path.IsPathRooted(path) ? null : $"'{text}' is not the absolute path of a directory on a BPF file system, such as '/sys/fs/bpf/everyport'";
        return error is null;
    }

    private static Rule? ReadRule(SectionReader section)
    {
        var description = new RuleDescription(
            section.Name,
            section.List("Prefixes", OnePrefix, isRequired: true),
            section.Text("Ports", Ports),
            section.List("Protocols", Protocol),
            section.Text("Action", Action),
            section.Text("Service"));

        var errors = new List<(string Key, string Message)>();
        var rule = description.Parse(errors);
        foreach (var (key, message) in errors)
            section.Error(key, message);
        section.RejectUnknown();
        return rule;
    }
}
