using System.Globalization;
using System.Text;

namespace Everyport.Steering.Cli.Scraping;

/// <summary>
/// Writes a steering in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). Labels are services,
/// protocols, families, owners and rules as far as they are counted, of which there is a limited number; never a port or an address.
/// </summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new();

    private MetricsText()
    {
    }

    public static string Of(SteeringSnapshot? snapshot, string version, long failedScrapes)
    {
        var metrics = new MetricsText();
        metrics.Single("build_info", "gauge", "The version of steerctl.", 1, ("version", version));
        metrics.Single("scrapes_failed_total", "counter", "Scrapes that could not read the steering.", (ulong)failedScrapes);
        metrics.Single("loaded", "gauge", "Whether a steering is loaded.", snapshot is null ? 0ul : 1);
        if (snapshot is not null)
            metrics.Write(snapshot);
        return metrics._text.ToString();
    }

    private void Write(SteeringSnapshot snapshot)
    {
        if (snapshot.Attached is { } attached)
            Single("attached", "gauge", "Whether it is attached to its namespace.", attached ? 1ul : 0);
        Single("layout", "gauge", "The version of the layout of its maps.", (ulong)snapshot.Layout);
        Family("rules", "gauge", "Rules by who has published them.", snapshot.RulesByOwner.OrderBy(owner => owner.Key, StringComparer.Ordinal)
            .Select(owner => (Labels(("owner", owner.Key)), (ulong)owner.Value.Rules.Length)));
        if (snapshot.RuleHits is { } hits)
        {
            Family("rule_hits_total", "counter", "Lookups that a rule has decided.", hits.Where(rule => rule.Key.Owner.Length > 0).OrderBy(rule => rule.Key.Owner, StringComparer.Ordinal).ThenBy(rule => rule.Key.Name, StringComparer.Ordinal)
                .Select(rule => (Labels(("rule", rule.Key.Name), ("owner", rule.Key.Owner)), rule.Value)));
        }
        Single("guard_rules", "gauge", "Rules that guard rails have added.", (ulong)snapshot.Guards.Length);
        Single("passed_total", "counter", "Lookups that a rule has left to the normal lookup.", snapshot.Totals.Passed);
        Single("dropped_total", "counter", "Lookups that a rule has refused.", snapshot.Totals.Dropped);
        Single("denied_total", "counter", "Lookups that were refused for their source.", snapshot.Totals.Denied);
        Family("service_sockets", "gauge", "Sockets that are registered for a service; a dual-stack socket counts for both families.", snapshot.Services.SelectMany(Sockets));
        Service(snapshot, "service_steered_total", "Lookups that a socket of the service got.", service => service.Counters.Steered);
        Service(snapshot, "service_refused_total", "Lookups that were refused because the service had no socket.", service => service.Counters.Refused);
        Service(snapshot, "service_errors_total", "Lookups that were refused because the kernel took none of the sockets.", service => service.Counters.Error);
    }

    private static IEnumerable<(string Labels, ulong Value)> Sockets(ServiceSnapshot service) =>
    [
        (Labels(("service", service.Name), ("protocol", RuleText.Of(service.Protocol)), ("family", "ipv4")), (ulong)service.IPv4Slots.Count(cookie => cookie != 0)),
        (Labels(("service", service.Name), ("protocol", RuleText.Of(service.Protocol)), ("family", "ipv6")), (ulong)service.IPv6Slots.Count(cookie => cookie != 0)),
    ];

    private void Service(SteeringSnapshot snapshot, string name, string help, Func<ServiceSnapshot, ulong> value) =>
        Family(name, "counter", help, snapshot.Services.Select(service => (Labels(("service", service.Name), ("protocol", RuleText.Of(service.Protocol))), value(service))));

    private void Single(string name, string type, string help, ulong value, params ReadOnlySpan<(string, string)> labels) => Family(name, type, help, [(Labels(labels), value)]);

    private void Family(string name, string type, string help, IEnumerable<(string Labels, ulong Value)> series)
    {
        _text.Append(CultureInfo.InvariantCulture, $"# HELP steerctl_{name} {help}\n# TYPE steerctl_{name} {type}\n");
        foreach (var (labels, value) in series)
            _text.Append(CultureInfo.InvariantCulture, $"steerctl_{name}{labels} {value}\n");
    }

    private static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (labels.IsEmpty)
            return "";
        var text = new StringBuilder("{");
        foreach (var (name, value) in labels)
            text.Append(text.Length > 1 ? "," : "").Append(name).Append("=\"").Append(Escape(value)).Append('"');
        return text.Append('}').ToString();
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
