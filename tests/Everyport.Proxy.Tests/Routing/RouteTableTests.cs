using Everyport.Proxy.Routing;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Routing;

/// <summary>Who takes a connection or a flow, in the words of the design.</summary>
public class RouteTableTests
{
    private static readonly HttpRouteMatch[] NoHttp = [];
    private static readonly HttpRouteMatch[] HttpEverywhere = [HttpFor()];

    [Fact]
    public void The_longest_address_prefix_goes_first_even_with_more_ports()
    {
        var table = RouteTable.ForTcp([Tcp("port", "80"), Tcp("wide", "80", ["10.0.0.0/8"]), Tcp("long", "*", ["10.1.0.0/16"])], NoHttp);
        Assert.Equal("long", Stream(table, "10.1.2.3:80"));
        Assert.Equal("wide", Stream(table, "10.2.2.3:80"));
        Assert.Equal("port", Stream(table, "192.0.2.1:80"));
    }

    [Fact]
    public void At_equal_prefixes_the_narrowest_port_range_goes_first()
    {
        var table = RouteTable.ForTcp([Tcp("all"), Tcp("many", "8000-8999"), Tcp("one", "8080")], NoHttp);
        Assert.Equal("one", Stream(table, "10.0.0.1:8080"));
        Assert.Equal("many", Stream(table, "10.0.0.1:8081"));
        Assert.Equal("all", Stream(table, "10.0.0.1:22"));
    }

    [Fact]
    public void Each_range_and_prefix_of_a_route_counts_for_itself()
    {
        var table = RouteTable.ForTcp([Tcp("list", "80,1000-9999", ["10.0.0.0/8", "192.0.2.0/24"]), Tcp("range", "70-90", ["10.0.0.0/8", "192.0.2.7/32"])], NoHttp);
        Assert.Equal("list", Stream(table, "10.0.0.1:80"));
        Assert.Equal("range", Stream(table, "10.0.0.1:81"));
        Assert.Equal("range", Stream(table, "192.0.2.7:80"));
        Assert.Equal("list", Stream(table, "192.0.2.8:80"));
    }

    [Fact]
    public void The_order_goes_before_all_of_that()
    {
        var table = RouteTable.ForTcp([Tcp("specific", "80", ["10.0.0.1/32"]), Tcp("ordered", "1-1000", order: -1)], NoHttp);
        Assert.Equal("ordered", Stream(table, "10.0.0.1:80"));
    }

    [Fact]
    public void A_stream_that_names_ports_is_certain_and_nothing_is_peeked_at()
    {
        var table = RouteTable.ForTcp([Tcp("smtp", "25")], HttpEverywhere);
        Assert.Equal(new RouteDecision(false, "smtp"), Decide(table, "10.0.0.1:25"));
        Assert.Equal(new RouteDecision(true, null), Decide(table, "10.0.0.1:26"));
    }

    [Fact]
    public void The_catch_all_takes_what_turns_out_not_to_be_HTTP()
    {
        var table = RouteTable.ForTcp([Tcp("rest")], HttpEverywhere);
        Assert.Equal(new RouteDecision(true, "rest"), Decide(table, "10.0.0.1:80"));
    }

    [Fact]
    public void The_catch_all_comes_last_whatever_its_order()
    {
        var table = RouteTable.ForTcp([Tcp("rest", order: -5), Tcp("ssh", "22", order: 5)], [HttpFor("80", order: 7)]);
        Assert.Equal(new RouteDecision(false, "ssh"), Decide(table, "10.0.0.1:22"));
        Assert.Equal(new RouteDecision(true, "rest"), Decide(table, "10.0.0.1:80"));
    }

    [Fact]
    public void Without_a_route_for_HTTP_nothing_is_peeked_at()
    {
        Assert.Equal(new RouteDecision(false, "rest"), Decide(RouteTable.ForTcp([Tcp("rest")], NoHttp), "10.0.0.1:80"));
        Assert.Equal(new RouteDecision(false, "rest"), Decide(RouteTable.ForTcp([Tcp("rest")], [HttpFor("80")]), "10.0.0.1:81"));
    }

    [Fact]
    public void An_HTTP_route_that_is_more_specific_goes_before_a_stream()
    {
        var table = RouteTable.ForTcp([Tcp("many", "8000-8999")], [HttpFor("8080"), HttpFor("*", ["10.0.0.0/8"])]);
        Assert.Equal(new RouteDecision(true, "many"), Decide(table, "192.0.2.1:8080"));
        Assert.Equal(new RouteDecision(false, "many"), Decide(table, "192.0.2.1:8081"));
        Assert.Equal(new RouteDecision(true, "many"), Decide(table, "10.0.0.1:8081"));
    }

    [Fact]
    public void At_a_tie_the_stream_wins()
    {
        var table = RouteTable.ForTcp([Tcp("stream", "80", ["10.0.0.0/8"])], [HttpFor("80", ["10.0.0.0/8"])]);
        Assert.Equal(new RouteDecision(false, "stream"), Decide(table, "10.0.0.1:80"));
    }

    [Fact]
    public void An_HTTP_route_with_a_lower_order_goes_before_a_stream_at_the_same_place()
    {
        var table = RouteTable.ForTcp([Tcp("stream", "80")], [HttpFor(order: -1)]);
        Assert.Equal(new RouteDecision(true, "stream"), Decide(table, "10.0.0.1:80"));
    }

    [Fact]
    public void The_families_are_separate()
    {
        var table = RouteTable.ForTcp([Tcp("v6", "*", ["::/0"]), Tcp("v4", "*", ["0.0.0.0/0"])], NoHttp);
        Assert.Equal("v4", Stream(table, "10.0.0.1:80"));
        Assert.Equal("v6", Stream(table, "[2001:db8::1]:80"));
    }

    [Fact]
    public void Nobody_takes_what_no_route_matches() =>
        Assert.Equal(new RouteDecision(false, null), Decide(RouteTable.ForTcp([Tcp("ssh", "22")], [HttpFor("80")]), "10.0.0.1:23"));

    [Fact]
    public void TCP_and_UDP_have_tables_of_their_own()
    {
        var streams = new[] { Tcp("tcp", "53"), Udp("udp", "53") };
        Assert.Equal("tcp", Stream(RouteTable.ForTcp(streams, NoHttp), "10.0.0.1:53"));
        Assert.Equal("udp", Stream(RouteTable.ForUdp(streams), "10.0.0.1:53"));
    }

    [Fact]
    public void A_UDP_stream_for_everything_competes_by_its_order_as_others_do()
    {
        Assert.Equal("all", Stream(RouteTable.ForUdp([Udp("all", order: -1), Udp("dns", "53")]), "10.0.0.1:53"));
        Assert.Equal("dns", Stream(RouteTable.ForUdp([Udp("all"), Udp("dns", "53")]), "10.0.0.1:53"));
    }

    [Fact]
    public void A_source_only_decides_where_destinations_are_equally_specific()
    {
        var table = RouteTable.ForTcp(
            [Tcp("all", "80"), Tcp("near", "80").WithSources("203.0.0.0/16", "2001:db8::/32"), Tcp("nearer", "80").WithSources("203.0.113.0/24"), Tcp("long", "80", ["10.0.0.0/8"])], NoHttp);
        Assert.Equal("nearer", Decide(table, "192.0.2.1:80", "203.0.113.1:1").Stream);
        Assert.Equal("near", Decide(table, "192.0.2.1:80", "203.0.114.1:1").Stream);
        Assert.Equal("all", Decide(table, "192.0.2.1:80", "198.51.100.1:1").Stream);
        Assert.Equal("long", Decide(table, "10.0.0.1:80", "203.0.113.1:1").Stream);
    }

    [Fact]
    public void A_source_that_does_not_match_leaves_the_connection_to_others()
    {
        var table = RouteTable.ForTcp([Tcp("office", "80").WithSources("10.0.0.0/8")], [HttpFor("80")]);
        Assert.Equal(new RouteDecision(false, "office"), Decide(table, "192.0.2.1:80", "10.0.0.1:1"));
        Assert.Equal(new RouteDecision(true, null), Decide(table, "192.0.2.1:80", "11.0.0.1:1"));
    }

    [Fact]
    public void A_catch_all_may_be_for_some_sources_only()
    {
        var table = RouteTable.ForTcp([Tcp("office").WithSources("10.0.0.0/8"), Tcp("rest")], HttpEverywhere);
        Assert.Equal(new RouteDecision(true, "office"), Decide(table, "192.0.2.1:80", "10.0.0.1:1"));
        Assert.Equal(new RouteDecision(true, "rest"), Decide(table, "192.0.2.1:80", "11.0.0.1:1"));
    }

    [Fact]
    public void Two_port_ranges_that_overlap_are_both_found()
    {
        var table = RouteTable.ForTcp([Tcp("low", "1-100"), Tcp("high", "50-200"), Tcp("last", "65535")], NoHttp);
        Assert.Equal(["low", "low", "low", "high", null, "last"], ((int[])[1, 50, 100, 101, 201, 65535]).Select(port => Stream(table, $"10.0.0.1:{port}")));
    }

    private static string? Stream(RouteTable table, string destination) => Decide(table, destination).Stream;

    private static RouteDecision Decide(RouteTable table, string destination, string client = "203.0.113.9:40000")
    {
        var decision = table.Decide(Connection(destination, client));
        return new(decision.NeedsFirstBytes, decision.Stream?.Name);
    }

    private sealed record RouteDecision(bool NeedsFirstBytes, string? Stream);
}
