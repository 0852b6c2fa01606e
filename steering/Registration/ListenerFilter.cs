using System.Globalization;
using Everyport.Steering.Netlink;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Registration;

/// <summary>Which of a program's listeners are meant: <c>PROTO ADDRESS PORT</c>, or all.</summary>
public sealed record ListenerFilter
{
    /// <summary>Whatever can be steered to.</summary>
    public static ListenerFilter All { get; } = new();

    /// <summary>TCP, UDP, or both.</summary>
    public Protocols Protocols { get; private init; } = Protocols.All;

    /// <summary>The address that it is bound to. All zeroes: all addresses of that family. Null: wherever it is bound.</summary>
    public Address? Address { get; private init; }

    /// <summary>The port, or null for each.</summary>
    public ushort? Port { get; private init; }

    /// <summary>Reads <c>tcp</c>, <c>udp</c> or <c>any</c>, an address or <c>*</c>, and a port.</summary>
    /// <exception cref="FormatException">The message names the value, and says what was expected.</exception>
    public static ListenerFilter Parse(string protocol, string address, string port) => new()
    {
        Protocols = protocol.ToUpperInvariant() switch
        {
            "TCP" => Protocols.Tcp,
            "UDP" => Protocols.Udp,
            "ANY" => Protocols.All,
            _ => throw new FormatException($"'{protocol}' is not a protocol; expected 'tcp', 'udp' or 'any'."),
        },
        Address = address == "*" ? null : Rules.Address.TryParse(address, out var parsed) ? parsed
            : throw new FormatException($"'{address}' is not an IPv4 or IPv6 address; expected the one that the program listens on, '0.0.0.0' or '::' where it listens on all, or '*'."),
        Port = ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
            : throw new FormatException($"'{port}' is not a port; ports go from 1 to 65535."),
    };

    internal bool Matches(OpenListener listener) =>
        Protocols.HasFlag(listener.Protocol) && (Port is null || Port == listener.Port) && Address switch
        {
            null => true,
            { Bits: var bits, IsIPv6: var ipv6 } when bits == 0 => listener.Address is null && (ipv6 ? listener.IPv6 : listener.IPv4),
            var address => listener.Address == address,
        };

    /// <summary>As it was written; empty for <see cref="All"/>.</summary>
    public override string ToString() => Port is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"{(Protocols == Protocols.All ? "any" : Protocols.ToString().ToLowerInvariant())} {Address?.ToString() ?? "*"} {Port}");
}
