using System.Net;
using Everyport.Steering.Routes;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Routes;

/// <summary>
/// A client, the machine of the proxy, and an origin that reaches the client through it. A server on port 80 of the
/// origin and of the proxy's machine tells who has dialled.
/// </summary>
internal sealed class ReturnScene : IDisposable
{
    public const string ClientV4 = "192.0.2.2", ClientV6 = "2001:db8:1::2", OriginV4 = "198.51.100.2", OriginV6 = "2001:db8:2::2";
    public const string OwnV4 = "198.51.100.1", OwnV6 = "2001:db8:2::1";
    public const ushort Open = 80, Closed = 81;

    private readonly List<IDisposable> _owned = [];

    public ReturnScene()
    {
        // The first neighbour solicitation needs a link-local address, which would otherwise come a second or two late.
        foreach (var space in (NetworkNamespace[])[Client, Proxy, Origin])
            space.Exec("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0");
        Link(Client, "client", ClientV4, ClientV6, "192.0.2.1", "2001:db8:1::1");
        Link(Origin, "origin", OriginV4, OriginV6, OwnV4, OwnV6);
        Set("net.ipv4.ip_forward", 1);
        Set("net.ipv6.conf.all.forwarding", 1);
        _owned.Add(Proxy.Run(() => new PeerServer(Open)));
        _owned.Add(Origin.Run(() => new PeerServer(Open)));
    }

    public NetworkNamespace Client { get; } = new();

    public NetworkNamespace Proxy { get; } = new();

    public NetworkNamespace Origin { get; } = new();

    /// <summary>All that routes packets in the namespace of the proxy, but for link-local addresses, which come at a time of their own.</summary>
    public string Routing => string.Join('\n',
        ((string[])[
            Proxy.Ip("-d", "rule"), Proxy.Ip("-d", "-6", "rule"), Proxy.Ip("route", "show", "table", "all"), Proxy.Ip("-6", "route", "show", "table", "all"),
            Proxy.Exec("sysctl", "net.ipv4.tcp_fwmark_accept", "net.ipv4.fwmark_reflect", "net.ipv6.fwmark_reflect")])
        .SelectMany(text => text.Split('\n'))
        .Where(line => !line.Contains("fe80:", StringComparison.Ordinal)));

    public ReturnRoutes OpenRoutes()
    {
        var routes = Proxy.Run(ReturnRoutes.Open);
        _owned.Add(routes);
        return routes;
    }

    public void Set(string name, int value) => Proxy.Exec("sysctl", "-qw", $"{name}={value}");

    /// <summary>Dials from the proxy's machine with the address of the client, return routes added as the proxy does.</summary>
    public string DialAsClient(ReturnRoutes routes, string origin, ushort port = Open)
    {
        var mark = routes.Add(Address.From(IPAddress.Parse(origin)), new PortRange(port, port));
        return DialAsClient(origin, port, mark);
    }

    public string DialAsClient(string origin, ushort port, uint mark) =>
        Proxy.Run(() => TransparentDial.From(ClientOf(origin), origin, port, mark));

    /// <summary>The address of the client, in the family of the origin.</summary>
    public static string ClientOf(string origin) => origin.Contains(':', StringComparison.Ordinal) ? ClientV6 : ClientV4;

    public void Dispose()
    {
        _owned.ForEach(one => one.Dispose());
        foreach (var space in (NetworkNamespace[])[Client, Proxy, Origin])
            space.Dispose();
    }

    private void Link(NetworkNamespace peer, string name, string v4, string v6, string ownV4, string ownV6)
    {
        Proxy.Ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", peer.Name);
        foreach (var (space, device, address, size) in ((NetworkNamespace, string, string, int)[])
            [(Proxy, name, ownV4, 24), (Proxy, name, ownV6, 64), (peer, "eth0", v4, 24), (peer, "eth0", v6, 64)])
            space.Ip(["addr", "add", $"{address}/{size}", "dev", device, .. (string[])(size == 64 ? ["nodad"] : [])]);
        Proxy.Ip("link", "set", name, "up");
        peer.Ip("link", "set", "eth0", "up");
        peer.Ip("route", "add", "default", "via", ownV4);
        peer.Ip("-6", "route", "add", "default", "via", ownV6);
    }
}
