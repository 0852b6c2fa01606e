using System.Net;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// An endpoint on which this program listens by itself: the admin host and the demo origin. It is never steered,
/// whatever the rules say. <paramref name="Key"/> is the setting that names it.
/// </summary>
internal sealed record OwnEndpoint(string Key, Protocols Protocols, IPEndPoint Listen)
{
    /// <summary>That of the admin host.</summary>
    public static OwnEndpoint OfAdmin(IPEndPoint listen) => new("Admin:Listen", Protocols.Tcp, listen);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OwnEndpoint> Of(IPEndPoint admin, DemoSettings? demo) =>
        demo is null
            ? [OfAdmin(admin)]
            :
            [
                OfAdmin(admin),
                new("Demo:Http", Protocols.Tcp, demo.Http),
                new("Demo:Echo", Protocols.All, demo.Echo),
            ];

    /// <summary>Whether it listens on every address. <c>[::]</c> then stands for the addresses of IPv4 as well.</summary>
    public bool IsEverywhere => Listen.Address.Equals(IPAddress.Any) || Listen.Address.Equals(IPAddress.IPv6Any);

    /// <summary>Whether a connection to this address and port would reach it.</summary>
    public bool Answers(Protocols protocol, Address address, ushort port) =>
        (Protocols & protocol) != 0 && port == Listen.Port && (IsEverywhere ? Serves(address) : Address.From(Listen.Address) == address);

    /// <summary>
    /// The rule that leaves it to the normal lookup, or null where there is no address to name. A prefix of length 0
    /// would lose against any rule for a longer one: where the endpoint listens everywhere, each address
    /// that is <paramref name="assigned"/> to an interface is named, as the guard for existing listeners does it.
    /// </summary>
    public Rule? ToRule(IEnumerable<Address> assigned)
    {
        Prefix[] prefixes = IsEverywhere ? [.. assigned.Where(Serves).Select(One)] : [One(Address.From(Listen.Address))];
        return prefixes.Length == 0
            ? null
            : new Rule($"own: {Key}", Protocols, prefixes, PortRanges.Of(new PortRange((ushort)Listen.Port, (ushort)Listen.Port)), Target.Pass);
    }

    private static Prefix One(Address address) => new(address, address.Width);

    private bool Serves(Address address) => Listen.Address.Equals(IPAddress.IPv6Any) || !address.IsIPv6;
}
