using System.Net;
using Everyport.Proxy.Http;
using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using static Everyport.Proxy.Tests.Routing.Routes;
using HttpEndpoint = Microsoft.AspNetCore.Http.Endpoint;

namespace Everyport.Proxy.Tests.Http;

/// <summary>Which HTTP routes remain for a request, by where it went to and where it came from.</summary>
public class DestinationPolicyTests
{
    private static readonly Dictionary<string, DestinationMatch?> Routes = new()
    {
        ["any"] = null,
        ["port"] = Match("80"),
        ["near"] = Match("80", sources: ["10.0.0.0/8"]),
        ["nearer"] = Match("80", sources: ["10.1.0.0/16", "2001:db8::/32"]),
    };

    [Theory]
    [InlineData("10.2.0.1", "any,port,near")]
    [InlineData("10.1.0.1", "any,port,near,nearer")]
    [InlineData("::ffff:10.1.0.1", "any,port,near,nearer")]
    [InlineData("2001:db8::1", "any,port,nearer")]
    [InlineData("192.0.2.1", "any,port")]
    public async Task A_route_only_takes_requests_from_its_sources(string client, string expected) =>
        Assert.Equal(expected, await ValidAsync(client, new DestinationMatcherPolicy()));

    [Theory]
    [InlineData("10.2.0.1", "near")]
    [InlineData("10.1.0.1", "nearer")]
    [InlineData("192.0.2.1", "port")]
    public async Task Of_those_the_most_specific_one_remains(string client, string expected) =>
        Assert.Equal(expected, await ValidAsync(client, new DestinationMatcherPolicy(), new DestinationPrecedencePolicy()));

    private static async Task<string> ValidAsync(string client, params IEnumerable<IEndpointSelectorPolicy> policies)
    {
        HttpEndpoint[] endpoints = [.. Routes.Select(route => new HttpEndpoint(null, new EndpointMetadataCollection(route.Value is null ? [] : [route.Value]), route.Key))];
        var candidates = new CandidateSet(endpoints, [.. endpoints.Select(_ => new RouteValueDictionary())], new int[endpoints.Length]);
        var context = new DefaultHttpContext();
        (context.Connection.LocalIpAddress, context.Connection.LocalPort) = (IPAddress.Parse("192.0.2.9"), 80);
        (context.Connection.RemoteIpAddress, context.Connection.RemotePort) = (IPAddress.Parse(client), 40_000);
        foreach (var policy in policies)
        {
            Assert.True(policy.AppliesToEndpoints(endpoints));
            await policy.ApplyAsync(context, candidates);
        }
        return string.Join(',', endpoints.Where((_, i) => candidates.IsValidCandidate(i)).Select(endpoint => endpoint.DisplayName));
    }
}
