using System.Net;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>An address and a port; an IPv4 address is always an IPv4 address, never a mapped one.</summary>
internal readonly record struct Endpoint(Address Address, ushort Port)
{
    public IPEndPoint ToIPEndPoint() => new(Address.ToIPAddress(), Port);

    /// <summary>Where a dial goes: to the kernel, the unspecified address is that of loopback.</summary>
    public Endpoint WhenDialled => Address.Bits != 0 ? this
        : this with { Address = Address.From(Address.IsIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback) };

    public static Endpoint From(IPEndPoint endpoint) => new(Address.From(endpoint.Address), (ushort)endpoint.Port);

    public override string ToString() => Address.IsIPv6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";
}
