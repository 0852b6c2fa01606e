using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Program;

/// <summary>
/// Three machines in a row: a client, the proxy, and an origin, which reach each other through the machine of the proxy. The
/// client finds the steered ranges there as well.
/// </summary>
public abstract class LinkedScene : Scene
{
    public const string Steered = "198.51.100.9", SteeredV6 = "2001:db8:7::9";
    public const string ClientAddress = "192.0.2.2", ClientAddressV6 = "2001:db8:1::2", OriginAddress = "203.0.113.2", OriginAddressV6 = "2001:db8:2::2";
    public const string OwnAddress = "203.0.113.1", OwnAddressV6 = "2001:db8:2::1";

    /// <summary>What the machine of the proxy sends there is swallowed by that of the origin, without a word.</summary>
    public const string BlackHole = "100.64.0.9", BlackHoleV6 = "2001:db8:9::9";

    /// <summary>The ends of the links on the machine of the proxy.</summary>
    protected const string ToClient = "client", ToOrigin = "origin";

    protected LinkedScene() => Arrange(() =>
    {
        Client = Own(new NetworkNamespace());
        Origin = Own(new NetworkNamespace());
        // Neighbours are asked for from a link-local address, which would otherwise come a second or two late.
        foreach (var machine in (NetworkNamespace[])[Client, Namespace, Origin])
            machine.Exec("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0");
        Link(Client, ToClient, ClientAddress, "192.0.2.1", ClientAddressV6, "2001:db8:1::1");
        Link(Origin, ToOrigin, OriginAddress, OwnAddress, OriginAddressV6, OwnAddressV6);
        Namespace.Exec("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        foreach (var (family, address, via) in ((string, string, string)[])[("-4", BlackHole, OriginAddress), ("-6", BlackHoleV6, OriginAddressV6)])
        {
            Namespace.Ip(family, "route", "add", address, "via", via);
            Origin.Ip(family, "route", "add", "blackhole", address);
        }
    });

    public NetworkNamespace Client { get; private set; } = null!;

    public NetworkNamespace Origin { get; private set; } = null!;

    /// <summary>What a server says to the client on the other machine, to the end.</summary>
    public string Dial(string address, int port) => Client.Run(() =>
    {
        using var client = TcpClients.Connect(address, port, address.Contains(':', StringComparison.Ordinal) ? ClientAddressV6 : ClientAddress);
        return System.Text.Encoding.ASCII.GetString(TcpClients.ReceiveToEnd(client));
    });

    private void Link(NetworkNamespace peer, string name, string v4, string ownV4, string v6, string ownV6)
    {
        Namespace.Ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", peer.Name);
        Namespace.Ip("address", "add", $"{ownV4}/24", "dev", name);
        Namespace.Ip("address", "add", $"{ownV6}/64", "dev", name, "nodad");
        peer.Ip("address", "add", $"{v4}/24", "dev", "eth0");
        peer.Ip("address", "add", $"{v6}/64", "dev", "eth0", "nodad");
        Namespace.Ip("link", "set", name, "up");
        peer.Ip("link", "set", "eth0", "up");
        peer.Ip("route", "add", "default", "via", ownV4);
        peer.Ip("-6", "route", "add", "default", "via", ownV6);
    }
}
