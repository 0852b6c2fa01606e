using System.Globalization;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Cli;

/// <summary>A lookup that a client would cause.</summary>
internal sealed record Lookup(Protocols Protocol, Address Address, ushort Port, Address? Source)
{
    /// <exception cref="BadInputException">A value is not what it should be.</exception>
    public static Lookup Parse(string protocolText, string addressText, string portText, string? sourceText)
    {
        var protocol = protocolText.ToUpperInvariant() switch
        {
            "TCP" => Protocols.Tcp,
            "UDP" => Protocols.Udp,
            _ => throw new BadInputException($"'{protocolText}' is not a protocol; expected 'tcp' or 'udp'."),
        };
        var address = ParseAddress(addressText);
        if (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            throw new BadInputException($"'{portText}' is not a port; ports go from 1 to 65535.");
        Address? source = sourceText is null ? null : ParseAddress(sourceText);
        if (source is { } client && client.IsIPv6 != address.IsIPv6)
            throw new BadInputException($"The client '{client}' cannot dial '{address}': one is IPv4, the other IPv6.");
        return new Lookup(protocol, address, port, source);
    }

    public override string ToString() =>
        $"{Protocol.ToString().ToUpperInvariant()} {Address} port {Port}{(Source is { } source ? $" from {source}" : "")}";

    private static Address ParseAddress(string text) =>
        Address.TryParse(text, out var address) ? address : throw new BadInputException($"'{text}' is not an IPv4 or IPv6 address such as '198.51.100.7' or '2001:db8::7'.");
}
