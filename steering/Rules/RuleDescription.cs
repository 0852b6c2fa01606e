namespace Everyport.Steering.Rules;

/// <summary>A rule as written in configuration, before anything is known about its values.</summary>
/// <param name="Name">The key of the rule.</param>
/// <param name="Prefixes">Prefixes or addresses.</param>
/// <param name="Ports">Ports, or null for all.</param>
/// <param name="Protocols"><c>tcp</c>, <c>udp</c>; null or empty for both.</param>
/// <param name="Action"><c>Proxy</c>, <c>Service</c>, <c>Pass</c>, <c>Drop</c>, or null for <c>Proxy</c>.</param>
/// <param name="Service">The service, where <paramref name="Action"/> is <c>Service</c>.</param>
public readonly record struct RuleDescription(
    string Name,
    IReadOnlyList<string> Prefixes,
    string? Ports = null,
    IReadOnlyList<string>? Protocols = null,
    string? Action = null,
    string? Service = null)
{
    /// <summary>Characters of a value that a message repeats.</summary>
    private const int MostShown = 60;

    private static readonly string[] Known = ["Proxy", "Service", "Pass", "Drop"];

    /// <summary>What <see cref="Action"/> may be.</summary>
    public static IReadOnlyList<string> Actions => Known;

    /// <summary>
    /// Reads the values. Every error is added as <c>key: message</c>, with the key relative to the rule; the
    /// result is null where there was any.
    /// </summary>
    public Rule? Parse(ICollection<(string Key, string Message)> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var before = errors.Count;
        var rule = new Rule(Name, ParseProtocols(errors), ParsePrefixes(errors), ParsePorts(errors), ParseTarget(errors));
        return errors.Count == before ? rule : null;
    }

    private Prefix[] ParsePrefixes(ICollection<(string, string)> errors)
    {
        var prefixes = new Prefix[Prefixes.Count];
        for (var i = 0; i < Prefixes.Count; i++)
        {
            if (!Prefix.TryParse(Prefixes[i], out prefixes[i], out var error))
                errors.Add(($"Prefixes:{i}", error!));
            else if (prefixes.AsSpan(0, i).Contains(prefixes[i]))
                errors.Add(($"Prefixes:{i}", $"'{Prefixes[i]}' is listed twice"));
        }
        if (Prefixes.Count == 0)
            errors.Add(("Prefixes", "is missing; a rule needs at least one prefix such as '198.51.100.0/24'"));
        return prefixes;
    }

    private PortRanges ParsePorts(ICollection<(string, string)> errors)
    {
        if (Ports is null)
            return PortRanges.All;
        if (!PortRanges.TryParse(Ports, out var ports, out var error))
            errors.Add(("Ports", error!));
        return ports;
    }

    private Protocols ParseProtocols(ICollection<(string, string)> errors)
    {
        if (Protocols is null or [])
            return Rules.Protocols.All;

        var result = Rules.Protocols.None;
        for (var i = 0; i < Protocols.Count; i++)
        {
            if (Protocols[i].Equals("tcp", StringComparison.OrdinalIgnoreCase))
                result |= Rules.Protocols.Tcp;
            else if (Protocols[i].Equals("udp", StringComparison.OrdinalIgnoreCase))
                result |= Rules.Protocols.Udp;
            else
                errors.Add(($"Protocols:{i}", $"'{Protocols[i]}' is not a protocol; expected 'tcp' or 'udp'"));
        }
        return result;
    }

    private Target ParseTarget(ICollection<(string, string)> errors)
    {
        var given = Action ?? "Proxy";
        var action = Array.Find(Known, known => known.Equals(given, StringComparison.OrdinalIgnoreCase));
        if (action is null)
            errors.Add(("Action", $"'{Action}' is not an action; expected 'Proxy', 'Service', 'Pass' or 'Drop'"));
        if (action == "Service" && string.IsNullOrEmpty(Service))
            errors.Add(("Service", "is missing; the action 'Service' needs the name of a service"));
        else if (action == "Service" && ServiceName.Problem(Service!) is { } problem)
            errors.Add(("Service", $"'{Shortened(Service!)}' {problem}"));
        if (action != "Service" && action is not null && Service is not null)
            errors.Add(("Service", $"'{Service}' has no meaning with the action '{action}'; write \"Action\": \"Service\""));

        return action switch
        {
            "Pass" => Target.Pass,
            "Drop" => Target.Drop,
            "Service" when !string.IsNullOrEmpty(Service) => Target.ToService(Service),
            _ => Target.Proxy,
        };
    }

    private static string Shortened(string text) => text.Length <= MostShown ? text : $"{text[..MostShown]}...";
}
