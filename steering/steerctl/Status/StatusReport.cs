using System.Globalization;
using System.Text.Json;
using Everyport.Steering.Cli.Output;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli.Status;

/// <summary>A steering as <c>steerctl status</c> shows it: rules, services with their sockets, and what was counted.</summary>
internal sealed class StatusReport(string pinPath, SteeringSnapshot? snapshot) : IReport
{
    public const string Json =
        "an object with loaded and pinPath; where it is loaded also layout, program (its number), attached and namespace (inode; both null where only those who may change the steering can see them), kept (whether it stays until 'unload', and does not end with the programs that use it), "
        + "rules (each with name, owner, protocols, prefixes, ports, target, service, and hits: how many lookups it has decided, or null where rules are not counted), guards (the same of guard rails, without owner), denySources (with owner and prefix), localRoutes, "
        + "services (with name, protocol, ipv4 and ipv6: the sockets as ss --extended writes them, and the counters steered, refused and error), and totals (passed, dropped and denied).";

    private static readonly IReadOnlySet<int> Hits = new HashSet<int> { 6 };
    private static readonly IReadOnlySet<int> NoNumbers = new HashSet<int>();
    private static readonly IReadOnlySet<int> Counters = new HashSet<int> { 4, 5, 6 };

    public void WriteText(TextWriter output)
    {
        if (snapshot is null)
        {
            output.WriteLine($"Nothing is loaded in '{pinPath}'.");
            return;
        }
        output.WriteLine($"{pinPath}: {Attachment(snapshot)}, program {Number(snapshot.Program)}, layout {Number((ulong)snapshot.Layout)}");
        var totals = snapshot.Totals;
        output.WriteLine($"passed {Number(totals.Passed)}, dropped {Number(totals.Dropped)}, denied {Number(totals.Denied)}");
        WriteRules(output, snapshot);
        WriteDenied(output, snapshot);
        WriteServices(output, snapshot);
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("loaded", snapshot is not null);
        json.WriteString("pinPath", pinPath);
        if (snapshot is not null)
            StatusJson.Write(json, snapshot);
        json.WriteEndObject();
    }

    private static string Attachment(SteeringSnapshot snapshot) => (snapshot.Attached, snapshot.NamespaceInode) switch
    {
        (null, _) => "attached to a namespace, or not: only those who may change it can see that",
        (false, _) => "not attached: its namespace is gone, or somebody has detached it",
        (true, var inode) => $"attached to the namespace {Number(inode ?? 0)}",
    };

    /// <summary>In the order in which they decide about an address: the longest prefix first, then the fewest ports.</summary>
    private static void WriteRules(TextWriter output, SteeringSnapshot snapshot)
    {
        var table = new TextTable("RULE", "OWNER", "PROTO", "PREFIX", "PORTS", "TARGET", "HITS") { Numbers = Hits };
        foreach (var (prefix, rule, owner) in InOrder(snapshot))
        {
            var hits = snapshot.HitsOf(owner, rule) is { } known ? Number(known) : "-";
            table.Add(rule.Name, owner.Length == 0 ? "-" : owner, RuleText.Of(rule.Protocols), prefix.ToString(), rule.Ports.ToString(), RuleText.Of(rule.Target), hits);
        }
        output.WriteLine();
        if (table.IsEmpty)
            output.WriteLine("No rules.");
        else
            table.Write(output);
        if (snapshot.IsBeyondCounting)
            output.WriteLine($"Hits are not counted beyond {SteeringOptions.MostCountedRules} rules.");
    }

    private static IEnumerable<(Prefix Prefix, Rule Rule, string Owner)> InOrder(SteeringSnapshot snapshot) =>
        from entry in snapshot.RulesByOwner.SelectMany(owner => owner.Value.Rules, (owner, rule) => (Rule: rule, Owner: owner.Key)).Concat(snapshot.Guards.Select(rule => (Rule: rule, Owner: "")))
        from prefix in entry.Rule.Prefixes
        orderby prefix.Address.IsIPv6, prefix.Length descending, prefix, entry.Rule.Ports.Min(range => range.Count), entry.Rule.Name
        select (prefix, entry.Rule, entry.Owner);

    private static void WriteDenied(TextWriter output, SteeringSnapshot snapshot)
    {
        var denied = snapshot.RulesByOwner.SelectMany(owner => owner.Value.DenySources, (owner, prefix) => (owner.Key, Prefix: prefix)).OrderBy(entry => entry.Prefix).ToArray();
        if (denied.Length == 0)
            return;
        var table = new TextTable("DENIED SOURCE", "OWNER") { Numbers = NoNumbers };
        foreach (var (owner, prefix) in denied)
            table.Add(prefix.ToString(), owner);
        output.WriteLine();
        table.Write(output);
    }

    private static void WriteServices(TextWriter output, SteeringSnapshot snapshot)
    {
        var table = new TextTable("SERVICE", "PROTO", "IPV4 SOCKETS", "IPV6 SOCKETS", "STEERED", "REFUSED", "ERRORS") { Numbers = Counters };
        foreach (var service in snapshot.Services)
        {
            var counters = service.Counters;
            table.Add(
                service.Name, RuleText.Of(service.Protocol), Sockets(service.IPv4Slots), Sockets(service.IPv6Slots),
                Number(counters.Steered), Number(counters.Refused), Number(counters.Error));
        }
        output.WriteLine();
        if (table.IsEmpty)
            output.WriteLine("No services.");
        else
            table.Write(output);
    }

    private static string Sockets(IEnumerable<ulong> slots) =>
        string.Join(' ', slots.Where(cookie => cookie != 0).Select(SocketText.Of)) is { Length: > 0 } sockets ? sockets : "-";

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
