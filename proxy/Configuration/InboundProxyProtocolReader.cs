using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;

namespace Everyport.Proxy.Configuration;

/// <summary>Reads the section <c>ProxyProtocol</c>.</summary>
internal static class InboundProxyProtocolReader
{
    public static InboundProxyProtocol Read(IEnumerable<SectionReader> sections)
    {
        var entries = sections.Select(section => (Section: section, Entry: ReadEntry(section))).ToArray();
        for (var i = 0; i < entries.Length; i++)
        {
            foreach (var (_, other) in entries[..i])
            {
                if (FindTie(other.Match, entries[i].Entry.Match) is { } where)
                    entries[i].Section.Error("Ports", $"is for {where} with the same precedence as the entry '{other.Name}'; narrow the ports or the addresses of one of them");
            }
        }
        return new InboundProxyProtocol([.. entries.Select(entry => entry.Entry)]);
    }

    private static InboundEntry ReadEntry(SectionReader section)
    {
        var match = DestinationMatchReader.Read(section);
        section.Require("Sources", "the prefixes of the peers that may tell who the client is, such as '10.0.0.0/8'");
        var entry = new InboundEntry(section.Name, match, section.Value<Expectation>("Others", Expectation.Refuse, ParseOthers));
        section.RejectUnknown();
        return entry;
    }

    private static string? FindTie(DestinationMatch a, DestinationMatch b)
    {
        foreach (var (prefix, ports) in a.Places())
        {
            foreach (var other in b.Places())
            {
                if (prefix == other.Prefix && ports.Count == other.Ports.Count && ports.Overlaps(other.Ports))
                    return $"{prefix?.ToString() ?? "every address"}, ports {ports}";
            }
        }
        return null;
    }

    private static bool ParseOthers(string text, out Expectation others, out string? error)
    {
        (others, error) = text.ToUpperInvariant() switch
        {
            "REFUSE" => (Expectation.Refuse, null),
            "DIRECT" => (Expectation.None, null),
            _ => (Expectation.Refuse, $"'{text}' is not what can be done with others; expected 'Refuse' or 'Direct'"),
        };
        return error is null;
    }
}
