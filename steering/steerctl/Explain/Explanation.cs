using System.Text.Json;
using Everyport.Steering.Cli.Output;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli.Explain;

/// <summary>What becomes of a lookup, and why.</summary>
internal sealed record Explanation(Lookup Lookup, LookupOutcome Outcome, IReadOnlyList<string> Steps) : IReport
{
    public RuleMatch? Match { get; init; }

    public string? Owner { get; init; }

    /// <summary>Where it is known which ones there are.</summary>
    public IReadOnlyList<ulong>? Sockets { get; init; }

    private string? Service => Match?.Rule.Target.Service;

    public string Summary => Outcome switch
    {
        LookupOutcome.NotLocal => "not steered, as the address is not local",
        LookupOutcome.NoRule or LookupOutcome.Pass => "not steered; the kernel's own lookup finds who listens there",
        LookupOutcome.Drop => "refused by a rule",
        LookupOutcome.Denied => "refused, as its source is denied",
        LookupOutcome.NoSocket => $"refused, as the service '{Service}' has no socket for it",
        _ => Sockets is null ? $"the service '{Service}'" : $"a socket of the service '{Service}'",
    };

    public void WriteText(TextWriter output)
    {
        output.WriteLine(Lookup);
        output.WriteLine();
        for (var i = 0; i < Steps.Count; i++)
            output.WriteLine($"{i + 1}. {Steps[i]}");
        output.WriteLine();
        output.WriteLine($"So: {Summary}.");
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("protocol", Lookup.Protocol == Protocols.Tcp ? "tcp" : "udp");
        json.WriteString("address", Lookup.Address.ToString());
        json.WriteNumber("port", Lookup.Port);
        json.WriteString("source", Lookup.Source?.ToString());
        json.WriteString("outcome", JsonNamingPolicy.CamelCase.ConvertName(Outcome.ToString()));
        json.WriteString("summary", Summary);
        json.WriteString("rule", Match?.Rule.Name);
        json.WriteString("owner", Owner);
        json.WriteString("prefix", Match?.Prefix.ToString());
        json.WriteString("ports", Match?.Ports.ToString());
        json.WriteString("service", Service);
        if (Sockets is not null)
        {
            json.WriteStartArray("sockets");
            foreach (var cookie in Sockets)
                json.WriteStringValue(SocketText.Of(cookie));
            json.WriteEndArray();
        }
        json.WriteStartArray("steps");
        foreach (var step in Steps)
            json.WriteStringValue(step);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
