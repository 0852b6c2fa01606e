using Everyport.Proxy.Routing;
using Yarp.ReverseProxy.Configuration;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Http.Routing;

/// <summary>No path leads to one route here, and to another one where it is read again.</summary>
public sealed class AmbiguousPathTests : IAsyncDisposable
{
    private readonly RoutingHost _host = new(
        Route("public", "/public/{**rest}"),
        Route("admin", "/admin/{**rest}"),
        Route("anything", "/{**rest}", "8000-8999"),
        Route("files", "/files/{**rest}", "9000"),
        Route("all", "/{**rest}", "9000"));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/public/..%2fadmin")]
    [InlineData("/public/%2e%2e/admin")]
    [InlineData("/public/..\\admin")]
    [InlineData("/public/..%5Cadmin")]
    [InlineData("/public/..;/admin")]
    [InlineData("/public/../admin")]
    [InlineData("/public/..%2fsecret")]
    [InlineData("/admin/../public/x")]
    [InlineData("/public%2fx/../../admin")]
    public async Task One_that_an_origin_may_take_for_another_routes_is_refused(string path) => Assert.Equal("400", await _host.RouteAsync(KestrelsOwn(path)));

    [Theory]
    [InlineData("/public/a%2Fb", "public")]
    [InlineData("/public/a//b;v=1/./c/../d", "public")]
    [InlineData("/public/.hidden", "public")]
    [InlineData("/admin/a%5Cb", "admin")]
    public async Task One_that_stays_within_its_route_passes(string path, string route) => Assert.Equal(route, await _host.RouteAsync(KestrelsOwn(path)));

    [Theory]
    [InlineData("//admin")]
    [InlineData("/a/..%2f..\\..;/admin")]
    public async Task Where_no_route_asks_for_a_path_all_pass(string path) => Assert.Equal("anything", await _host.RouteAsync(KestrelsOwn(path, "192.0.2.1:8080")));

    [Theory]
    [InlineData("//files/x")]
    [InlineData("/x/..%2ffiles/y")]
    [InlineData("/files;v=1/x")]
    public async Task A_route_for_all_other_paths_is_no_way_around_one_for_some(string path) => Assert.Equal("400", await _host.RouteAsync(KestrelsOwn(path, "192.0.2.1:9000")));

    [Fact]
    public async Task What_the_route_has_read_of_the_path_stays()
    {
        var request = KestrelsOwn("/public/a%2Fb");
        Assert.Equal("public", await _host.RouteAsync(request));
        Assert.Equal("a%2Fb", request.Request.RouteValues["rest"]);
        Assert.Equal("/public/a%2Fb", request.Request.Path.Value);
    }

    private static Microsoft.AspNetCore.Http.DefaultHttpContext KestrelsOwn(string raw, string to = "192.0.2.1:80")
    {
        var context = RoutingHost.Request(raw, to);
        context.Request.Path = Proxy.Http.Routing.PathReadings.OfKestrel(raw);
        return context;
    }

    private static (RouteConfig, DestinationMatch) Route(string name, string path, string ports = "*") =>
        (new RouteConfig { RouteId = name, ClusterId = "cluster", Match = new RouteMatch { Path = path } }, Match(ports));
}
