using System.Globalization;
using Everyport.Steering.Netlink;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Registration;

/// <summary>Listeners as people write them: <c>tcp 127.0.0.1:80</c>, <c>udp [::]:53</c>.</summary>
internal static class ListenerText
{
    public static string Of(OpenListener listener) => Of(listener.Protocol, listener.Address, listener.IPv6, listener.Port);

    /// <summary>As arguments of a command: <c>tcp 127.0.0.1 80</c>.</summary>
    public static string AsArguments(OpenListener listener) => string.Create(
        CultureInfo.InvariantCulture, $"{Name(listener.Protocol)} {listener.Address?.ToString() ?? (listener.IPv6 ? "::" : "0.0.0.0")} {listener.Port}");

    public static string Of(Protocols protocol, Address? address, bool ipv6, ushort port) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name(protocol)} {address switch { null => ipv6 ? "[::]" : "0.0.0.0", { IsIPv6: true } => $"[{address}]", _ => $"{address}" }}:{port}");

    private static string Name(Protocols protocol) => protocol == Protocols.Udp ? "udp" : "tcp";
}
