using System.Net;
using Everyport.Steering.Rules;

namespace Everyport.Steering.Tests.Routes;

/// <summary>What return routes leave behind: nothing; and whose they are.</summary>
public sealed class ReturnOwnershipTests : IDisposable
{
    private static readonly string[] s_origins = [ReturnScene.OriginV4, ReturnScene.OriginV6, ReturnScene.OwnV4, ReturnScene.OwnV6, "127.0.0.1", "::1"];

    private readonly ReturnScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [KernelFact]
    public void Everything_is_removed_and_what_is_the_operators_stays()
    {
        // In our table, with our priority, for our origin: but not ours.
        _scene.Proxy.Ip("route", "add", "203.0.113.0/24", "dev", "origin", "table", "197");
        _scene.Proxy.Ip("rule", "add", "from", ReturnScene.OriginV4, "pref", "19700", "lookup", "197");
        _scene.Set("net.ipv4.fwmark_reflect", 1);
        var before = _scene.Routing;

        using (var routes = _scene.OpenRoutes())
        {
            Assert.Equal(before, _scene.Routing);
            Assert.All(s_origins, origin => _scene.DialAsClient(routes, origin));
            Assert.NotEqual(before, _scene.Routing);
        }
        Assert.Equal(before, _scene.Routing);
    }

    [KernelFact]
    public void A_destination_that_is_there_already_adds_nothing()
    {
        var routes = _scene.OpenRoutes();
        Assert.All(s_origins, origin => _scene.DialAsClient(routes, origin));
        var once = _scene.Routing;
        Assert.All(s_origins, origin => _scene.DialAsClient(routes, origin));
        Assert.Equal(once, _scene.Routing);
    }

    [KernelFact]
    public void Who_shares_the_namespace_keeps_its_routes_until_the_last_one_goes()
    {
        var before = _scene.Routing;
        var first = _scene.OpenRoutes();
        Assert.All(s_origins, origin => _scene.DialAsClient(first, origin));
        var second = _scene.OpenRoutes();
        Assert.All(s_origins, origin => _scene.DialAsClient(second, origin));

        first.Dispose();
        Assert.All(s_origins, origin => Assert.Equal(ReturnScene.ClientOf(origin), _scene.DialAsClient(second, origin)));
        second.Dispose();
        Assert.Equal(before, _scene.Routing);
    }

    [KernelFact]
    public void What_a_crash_left_behind_is_removed_at_the_next_start()
    {
        var before = _scene.Routing;
        foreach (var family in (string[])["-4", "-6"])
            _scene.Proxy.Ip(family, "route", "add", "local", "default", "dev", "lo", "table", "197", "proto", "197");
        Rule("-4", "19700", ReturnScene.OriginV4);
        Rule("-6", "19700", ReturnScene.OriginV6);
        // The priority says that tcp_fwmark_accept and IPv6's fwmark_reflect were switched on for it.
        Rule("-6", "19705", ReturnScene.OwnV6, "iif", "lo", "fwmark", "197");
        _scene.Set("net.ipv4.tcp_fwmark_accept", 1);
        _scene.Set("net.ipv6.fwmark_reflect", 1);

        using var routes = _scene.OpenRoutes();
        Assert.Equal(before, _scene.Routing);
    }

    [KernelFact]
    public void Nothing_is_added_after_the_end()
    {
        var routes = _scene.OpenRoutes();
        routes.Dispose();
        routes.Dispose();
        Assert.Throws<ObjectDisposedException>(() => routes.Add(Address.From(IPAddress.Parse(ReturnScene.OriginV4)), new PortRange(80, 80)));
    }

    private void Rule(string family, string priority, string origin, params string[] more) =>
        _scene.Proxy.Ip([family, "rule", "add", "from", origin, "ipproto", "tcp", "sport", "80", .. more, "pref", priority, "protocol", "197", "lookup", "197"]);
}
