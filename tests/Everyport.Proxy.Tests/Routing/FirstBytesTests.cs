using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Routing;

/// <summary>Who takes a connection once its first bytes are known.</summary>
public class FirstBytesTests
{
    private static readonly FirstBytes Http1 = new(SniffedProtocol.Http1), Http2 = new(SniffedProtocol.Http2), Raw = new(SniffedProtocol.Raw), Nothing = new(SniffedProtocol.Unknown);

    [Fact]
    public void An_exact_name_goes_before_a_wildcard_and_a_longer_wildcard_before_a_shorter_one()
    {
        var table = Table([Tcp("none", "443"), Tcp("short", "443").WithSni("*.example.com"), Tcp("long", "443").WithSni("*.b.example.com"), Tcp("exact", "443").WithSni("a.b.example.com")]);
        Assert.Equal("exact", Resolve(table, Tls("a.b.example.com")));
        Assert.Equal("long", Resolve(table, Tls("c.b.example.com")));
        Assert.Equal("long", Resolve(table, Tls("d.c.b.example.com")));
        Assert.Equal("short", Resolve(table, Tls("b.example.com")));
        Assert.Equal("none", Resolve(table, Tls("example.com")));
        Assert.Equal("none", Resolve(table, Tls("a.example.org")));
        Assert.Equal("none", Resolve(table, Tls(null)));
        Assert.Equal("none", Resolve(table, Raw));
        Assert.Equal("none", Resolve(table, Http1));
    }

    [Fact]
    public void A_stream_that_asks_for_TLS_takes_nothing_else()
    {
        var table = Table([Tcp("named", "443").WithSni("a.example.com"), Tcp("h2", "443").WithAlpn("h2")]);
        Assert.Equal("named", Resolve(table, Tls("a.example.com")));
        Assert.Equal("h2", Resolve(table, Tls("b.example.com", "http/1.1", "h2")));
        foreach (var other in (FirstBytes[])[Raw, Nothing, Http1, Http2, Tls("b.example.com"), Tls(null)])
            Assert.Null(Resolve(table, other));
        Assert.Null(table.Decide(Connection("192.0.2.1:443")).Stream);
    }

    [Fact]
    public void Only_where_a_stream_that_asks_for_TLS_goes_first_are_the_first_bytes_needed()
    {
        var table = Table([Tcp("named").WithSni("a.example.com"), Tcp("mail", "25"), Tcp("first", "26", order: 1), Tcp("late", "26", order: 2).WithSni("a.example.com")]);
        Assert.False(table.Decide(Connection("192.0.2.1:25")).NeedsFirstBytes);
        Assert.True(table.Decide(Connection("192.0.2.1:24")).NeedsFirstBytes);
        // The order of "named" goes before that of "first".
        Assert.True(table.Decide(Connection("192.0.2.1:26")).NeedsFirstBytes);
        Assert.False(Table([Tcp("first", "26"), Tcp("late", "26", order: 2).WithSni("a.example.com")]).Decide(Connection("192.0.2.1:26")).NeedsFirstBytes);
    }

    [Fact]
    public void A_name_goes_before_sources_and_sources_before_ALPN()
    {
        var near = Connection("192.0.2.1:443");
        var table = Table([
            Tcp("named", "443").WithSni("a.example.com"),
            Tcp("near", "443").WithSni("*.example.com").WithSources("203.0.113.0/24"),
            Tcp("h2", "443").WithSni("*.example.com").WithAlpn("h2"),
            Tcp("any", "443").WithSni("*.example.com"),
        ]);
        Assert.Equal("named", table.Decide(near).Resolve(Tls("a.example.com", "h2")).Stream?.Name);
        Assert.Equal("near", table.Decide(near).Resolve(Tls("b.example.com", "h2")).Stream?.Name);
        var far = Connection("192.0.2.1:443", "198.51.100.1:1");
        Assert.Equal("h2", table.Decide(far).Resolve(Tls("b.example.com", "h2")).Stream?.Name);
        Assert.Equal("any", table.Decide(far).Resolve(Tls("b.example.com", "http/1.1")).Stream?.Name);
    }

    [Fact]
    public void A_longer_prefix_and_narrower_ports_go_before_a_name()
    {
        var table = Table([Tcp("named").WithSni("a.example.com"), Tcp("here", "*", ["192.0.2.0/24"]), Tcp("port", "443")]);
        Assert.False(table.Decide(Connection("192.0.2.1:80")).NeedsFirstBytes);
        Assert.False(table.Decide(Connection("198.51.100.1:443")).NeedsFirstBytes);
        Assert.Equal("named", table.Decide(Connection("198.51.100.1:444")).Resolve(Tls("a.example.com")).Stream?.Name);
    }

    [Fact]
    public void HTTP_goes_to_HTTP_routes_and_what_is_neither_to_the_catch_all()
    {
        var table = Table([Tcp("named").WithSni("a.example.com"), Tcp("rest")], [HttpFor()]);
        Assert.Equal(RouteVerdict.Http, table.Decide(Connection("192.0.2.1:443")).Resolve(Http1));
        Assert.Equal(RouteVerdict.Http, table.Decide(Connection("192.0.2.1:443")).Resolve(Http2));
        Assert.Equal("named", Resolve(table, Tls("a.example.com")));
        foreach (var other in (FirstBytes[])[Raw, Nothing, Tls("b.example.com"), Tls(null)])
            Assert.Equal("rest", Resolve(table, other));
    }

    [Fact]
    public void HTTP_goes_to_a_stream_that_goes_before_the_HTTP_route()
    {
        var table = Table([Tcp("named", "443", order: -1).WithSni("a.example.com"), Tcp("stream", "443")], [HttpFor("443")]);
        Assert.True(table.Decide(Connection("192.0.2.1:443")).NeedsFirstBytes);
        Assert.Equal("stream", Resolve(table, Http1));
    }

    [Fact]
    public void A_catch_all_asks_for_no_name() =>
        Assert.Equal([true, false, false, false], ((StreamRoute[])[Tcp("a"), Tcp("b").WithSni("*.example.com"), Tcp("c").WithAlpn("h2"), Udp("d")]).Select(stream => stream.IsCatchAll));

    private static RouteTable Table(StreamRoute[] streams, HttpRouteMatch[]? http = null) => RouteTable.ForTcp(streams, http ?? []);

    private static string? Resolve(RouteTable table, FirstBytes firstBytes) => table.Decide(Connection("192.0.2.1:443")).Resolve(firstBytes).Stream?.Name;

    private static FirstBytes Tls(string? name, params string[] alpn) => new(SniffedProtocol.Tls, new ClientHello(name, alpn));
}
