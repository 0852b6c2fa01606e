using Everyport.EndToEnd.Tests.Clients;

namespace Everyport.EndToEnd.Tests.Routing;

/// <summary>Where it goes to comes first, then what it asks for: routes by destination, source, host, method, header and query.</summary>
public sealed class MatchTests(RoutingScene scene) : IClassFixture<RoutingScene>
{
    [KernelTheory]
    [InlineData("one.example.com", "host")]
    [InlineData("ONE.example.com", "host")]
    [InlineData("a.b.example.org", "wildcard")]
    [InlineData("example.org", "anything")]
    [InlineData("two.example.com", "anything")]
    public void A_route_may_ask_for_a_host(string host, string route) => Assert.Equal(route, RouteOf("127.100.1.2:9050/", "-H", $"Host: {host}"));

    [KernelTheory]
    [InlineData("PUT", "9001/things/1", "method")]
    [InlineData("DELETE", "9001/things/1?a=b", "method")]
    [InlineData("GET", "9001/things/1", "anything")]
    [InlineData("PUT", "9001/other/1", "anything")]
    [InlineData("PUT", "9007/things/1", "anything")]
    public void A_route_may_ask_for_a_method_and_a_path(string method, string where, string route) => Assert.Equal(route, RouteOf($"127.100.1.2:{where}", "-X", method));

    [KernelTheory]
    [InlineData("9002/", "X-Beta: on", "header")]
    [InlineData("9002/", "X-Beta: off", "anything")]
    [InlineData("9002/?version=2", "X-Beta: off", "query")]
    [InlineData("9002/?version=2", "X-Beta: on", "header")]
    [InlineData("9007/?version=2", "X-Beta: on", "anything")]
    public void A_route_may_ask_for_a_header_or_a_query(string where, string header, string route) => Assert.Equal(route, RouteOf($"127.100.1.2:{where}", "-H", header));

    [KernelTheory]
    [InlineData("127.8.9.9", "source")]
    [InlineData("127.8.1.9", "nearer")]
    [InlineData("127.7.1.9", "anything")]
    public void A_route_may_ask_for_a_source(string client, string route) => Assert.Equal(route, RouteOf("127.100.1.2:9003/", "--interface", client));

    [KernelTheory]
    [InlineData("127.100.9.1:80/here/it/is", "address")]
    [InlineData("127.100.9.1:80/there", "anything")]
    [InlineData("127.100.9.1:9050/there", "host")]
    [InlineData("127.100.9.1:9050/here", "address")]
    [InlineData("127.100.8.1:80/here/it/is", "anything")]
    public void A_longer_prefix_goes_first_and_gives_way_where_its_path_does_not_match(string where, string route) =>
        Assert.Equal(route, RouteOf(where, "-H", "Host: one.example.com"));

    [KernelTheory]
    [InlineData("9004/only", "only-path")]
    [InlineData("9004/other", "anything")]
    [InlineData("9006/only", "anything")]
    public void A_path_on_one_port_stands_beside_all_paths_on_all_ports(string where, string route) => Assert.Equal(route, RouteOf($"127.100.1.2:{where}"));

    [KernelFact]
    public void A_route_with_another_method_gives_way_too() => Assert.Equal("anything", RouteOf("127.100.5.1:9005/"));

    private string RouteOf(string where, params string[] arguments) =>
        DemoAnswer.Parse(scene.Namespace.Exec("curl", ["-sS", "--max-time", "60", "--path-as-is", .. arguments, $"http://{where}"])).Route;
}
