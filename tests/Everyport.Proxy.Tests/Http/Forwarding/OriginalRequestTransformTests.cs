using Everyport.Proxy.Http.Forwarding;
using Everyport.Proxy.Http.Routing;
using Everyport.Proxy.Tests.Http.Routing;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;

namespace Everyport.Proxy.Tests.Http.Forwarding;

/// <summary>Where a request goes that was written so as to go elsewhere.</summary>
public class OriginalRequestTransformTests
{
    private const string Root = "http://origin/", Tenant = "http://origin/tenant/";

    [Theory]
    [InlineData(Root, "/../x", "http://origin/../x")]
    [InlineData(Tenant, "/a/../x", "http://origin/tenant/a/../x")]
    [InlineData(Tenant, "/a%2Fb//c;d", "http://origin/tenant/a%2Fb//c;d")]
    [InlineData(Tenant, "/..x/.y", "http://origin/tenant/..x/.y")]
    [InlineData(Tenant, "/../other", null)]
    [InlineData(Tenant, "/%2e%2E/other", null)]
    [InlineData(Tenant, "/a/..%2f..%2fother", null)]
    [InlineData(Tenant, "/..\\other", null)]
    [InlineData(Tenant, "/..;v=1/other", null)]
    [InlineData(Tenant, "/a//../../other", null)]
    [InlineData(Tenant, "/..", null)]
    public void No_path_leads_out_of_that_of_the_destination(string destination, string raw, string? seen) => Assert.Equal(seen, Forward(destination, raw, path => path));

    [Theory]
    [InlineData("/a/../x", "http://origin/put/a/../x")]
    [InlineData("/../other", null)]
    public void Nor_out_of_one_that_a_transform_has_put_before_it(string raw, string? seen) => Assert.Equal(seen, Forward(Root, raw, path => "/put" + path));

    [Theory]
    [InlineData("/cut/a%2Fb/../c", "http://origin/a%2Fb/../c")]
    [InlineData("/cut/a/../../cut/c", null)]
    [InlineData("/cut@elsewhere/../cut/c", "http://origin/c")]
    [InlineData("/cut.elsewhere/../cut/c", "http://origin/c")]
    [InlineData("/cut:81/../cut/c", "http://origin/c")]
    public void Nor_to_another_host_where_a_transform_has_cut_off_its_beginning(string raw, string? seen) => Assert.Equal(seen, Forward(Root, raw, path => path["/cut".Length..]));

    /// <summary>The URL that the destination is asked for; null where the request is refused.</summary>
    private static string? Forward(string destination, string raw, Func<string, string> transform)
    {
        var context = RoutingHost.Request(raw);
        context.Request.Path = PathReadings.OfKestrel(raw);
        using var request = new HttpRequestMessage();
        new OriginalRequestTransform().ApplyAsync(new RequestTransformContext
        {
            HttpContext = context,
            ProxyRequest = request,
            DestinationPrefix = destination,
            HeadersCopied = true,
            Path = transform(context.Request.Path.Value!),
            Query = new QueryTransformContext(context.Request),
        }).AsTask().GetAwaiter().GetResult();
        Assert.Equal(request.RequestUri is null ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK, context.Response.StatusCode);
        return request.RequestUri?.OriginalString;
    }
}
