using System.Net;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Routing;

/// <summary>An address and a port; an IPv4 address is always an IPv4 address, never a mapped one.</summary>
internal readonly record struct Endpoint(Address Address, ushort Port)
{
    public IPEndPoint ToIPEndPoint() => new(Address.ToIPAddress(), Port);

    public static Endpoint From(IPEndPoint endpoint) => new(Address.From(endpoint.Address), (ushort)endpoint.Port);

    public override string ToString() => Address.IsIPv6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";
}
