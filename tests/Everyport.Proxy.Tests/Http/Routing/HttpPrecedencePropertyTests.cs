using CsCheck;
using Everyport.Proxy.Http;
using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;
using static Everyport.Proxy.Tests.Routing.Routes;

namespace Everyport.Proxy.Tests.Http.Routing;

/// <summary>The host chooses the route that a plain reading of the precedence does.</summary>
public class HttpPrecedencePropertyTests
{
    /// <summary>Path templates with their place in ASP.NET Core's precedence, and the paths below that they take.</summary>
    private static readonly (string Template, int Rank, string[] Paths)[] Templates =
    [
        ("/a", 1, ["/a"]),
        ("/a/b", 2, ["/a/b"]),
        ("/a/{one}", 3, ["/a/b", "/a/c"]),
        ("/a/{**rest}", 4, ["/a", "/a/b", "/a/c", "/a/b/d"]),
        ("/{one}", 5, ["/a", "/x"]),
        ("/{one}/b", 6, ["/a/b"]),
        ("/{**rest}", 7, ["/", "/a", "/x", "/a/b", "/a/c", "/a/b/d"]),
    ];

    private static readonly Gen<DestinationMatch> GenMatch =
        from ports in Gen.OneOf("*", "80", "80,443", "1-100", "50-149", "60-100", "443")
        from addresses in Gen.OneOf([], new[] { "192.0.2.0/24" }, ["192.0.0.0/16", "192.0.2.1/32"], ["192.0.2.0/24", "2001:db8::/32"])
        from sources in Gen.OneOf([], new[] { "10.0.0.0/8" }, ["10.1.0.0/16", "2001:db8::/32"])
        select Match(ports, addresses, sources);

    private static readonly Gen<RouteConfig> GenRoute =
        from order in Gen.OneOf<int?>(null, null, 0, 1, -1)
        from template in Gen.OneOf(Templates)
        from methods in Gen.OneOf<string[]?>(null, null, ["GET"], ["POST", "GET"])
        from hosts in Gen.OneOf<string[]?>(null, null, ["one.example.com"], ["ONE.example.com", "two.example.com"], ["*.example.com"], ["*.com", "two.example.com"], ["*.two.example.com"], ["*.example.com:8080"], ["*"])
        from header in Gen.OneOf<string?>(null, null, "X-One", "X-Two")
        from query in Gen.OneOf<string?>(null, null, "q")
        select new RouteConfig
        {
            ClusterId = "cluster",
            Order = order,
            Match = new RouteMatch
            {
                Path = template.Template,
                Methods = methods,
                Hosts = hosts,
                Headers = header is null ? null : [new RouteHeader { Name = header, Mode = HeaderMatchMode.Exists }],
                QueryParameters = query is null ? null : [new RouteQueryParameter { Name = query, Mode = QueryParameterMatchMode.Exists }],
            },
        };

    private static readonly Gen<(string Path, string To, string From, string Method, string Host, string Header, string Query)> GenRequest = Gen.Select(
        Gen.OneOf("/", "/a", "/x", "/a/b", "/a/c", "/a/b/d"),
        Gen.OneOf("192.0.2.1:80", "192.0.2.2:443", "192.0.9.1:70", "203.0.113.1:9000", "[2001:db8::1]:80"),
        Gen.OneOf("10.1.0.1:1", "10.2.0.1:1", "[2001:db8::9]:1", "198.51.100.1:1"),
        Gen.OneOf("GET", "POST", "PUT"),
        Gen.OneOf("one.example.com", "two.example.com", "a.two.example.com:8080", "one.example.com:8080", "example.com", "192.0.2.1"),
        Gen.OneOf("X-One", "X-Two", "X-Other"),
        Gen.OneOf("", "?q=1"));

    [Fact]
    public void The_host_agrees_with_a_plain_reading() => Gen.Select(Gen.Select(GenRoute, GenMatch).Array[1, 12], GenRequest.Array[20]).Sample((routes, requests) =>
        Check(new RoutingHost(Name(routes)), Name(routes), requests), iter: 300);

    [Fact]
    public async Task A_name_goes_before_a_wildcard_that_asks_for_a_header()
    {
        (RouteConfig, DestinationMatch)[] routes =
        [
            (NewRoute("r05", "X-Two", "*.example.com"), Match("1-100", [], ["10.0.0.0/8"])),
            (NewRoute("r06", null, "ONE.example.com", "two.example.com"), Match("50-149", [], [])),
        ];
        await using var host = new RoutingHost(routes);
        var context = RoutingHost.Request("/x", "[2001:db8::1]:80", "10.1.0.1:1");
        context.Request.Host = new HostString("two.example.com");
        context.Request.Headers["X-Two"] = "1";
        Assert.Equal("r06", await host.RouteAsync(context));

        static RouteConfig NewRoute(string name, string? header, params string[] hosts) => new()
        {
            RouteId = name,
            ClusterId = "cluster",
            Match = new RouteMatch { Path = "/{one}", Hosts = hosts, Headers = header is null ? null : [new RouteHeader { Name = header, Mode = HeaderMatchMode.Exists }] },
        };
    }

    [Fact]
    public void So_does_one_that_had_other_routes_before() => Gen.Select(Gen.Select(GenRoute, GenMatch).Array[1, 12].Array[2], GenRequest.Array[20]).Sample((both, requests) =>
    {
        var host = new RoutingHost(Name(both[0]));
        host.RouteAsync("/a").GetAwaiter().GetResult();
        host.ReplaceAsync(Name(both[1])).GetAwaiter().GetResult();
        Check(host, Name(both[1]), requests);
    }, iter: 100);

    private static (RouteConfig Route, DestinationMatch Match)[] Name(IEnumerable<(RouteConfig Route, DestinationMatch Match)> routes) =>
        [.. routes.Select((route, i) => (route.Route with { RouteId = $"r{i:00}" }, route.Match))];

    private static void Check(
        RoutingHost host,
        (RouteConfig Route, DestinationMatch Match)[] named,
        (string Path, string To, string From, string Method, string Host, string Header, string Query)[] requests)
    {
        foreach (var request in requests)
        {
            var context = RoutingHost.Request(request.Path, request.To, request.From);
            (context.Request.Method, context.Request.Host, context.Request.QueryString) = (request.Method, new HostString(request.Host), new QueryString(request.Query));
            context.Request.Headers[request.Header] = "1";
            var chosen = host.RouteAsync(context).GetAwaiter().GetResult();
            var expected = Read(named, context);
            var found = chosen is null || chosen.StartsWith("405", StringComparison.Ordinal) ? null : chosen;
            Assert.True(expected == found, $"'{found}' and not '{expected}' was chosen for {request} among\n{string.Join('\n', named.Select(Describe))}");
        }
        host.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static string Describe((RouteConfig Route, DestinationMatch Match) route)
    {
        var match = route.Route.Match;
        return $"{route.Route.RouteId}: order {route.Route.Order}, {string.Join(' ', match.Methods ?? [])} {match.Path} [{string.Join(' ', match.Hosts ?? [])}] {match.Headers?[0].Name} {match.QueryParameters?[0].Name}, "
            + $"to [{string.Join(' ', route.Match.Addresses)}]:{route.Match.Ports} from [{string.Join(' ', route.Match.Sources)}]";
    }

    private static string? Read(IEnumerable<(RouteConfig Route, DestinationMatch Match)> routes, HttpContext context)
    {
        var steered = OriginalDestination.WithClient(context);
        return routes
            .Where(route => route.Match.Matches(steered) && Takes(route.Route.Match, context.Request))
            .OrderBy(route => (
                (route.Route.Order ?? 0, -route.Match.SpecificityFor(steered).PrefixLength, -route.Match.SpecificityFor(steered).FewerPorts),
                Templates.Single(template => template.Template == route.Route.Match.Path).Rank,
                route.Route.Match.Methods is null, HostPlace(route.Route.Match, context.Request.Host), route.Route.Match.Headers is null, route.Route.Match.QueryParameters is null,
                (-route.Match.SpecificityFor(steered).SourceLength, route.Route.RouteId)))
            .Select(route => route.Route.RouteId)
            .FirstOrDefault();
    }

    /// <summary>Names go before wildcards, longer wildcards before shorter ones, and those before no host at all.</summary>
    private static int HostPlace(RouteMatch match, HostString host) =>
        (match.Hosts ?? []).Where(pattern => HasHost(pattern, host)).Select(pattern => pattern == "*" ? -1 : pattern[0] == '*' ? -2 * pattern.Split(':')[0].Length - pattern.Count(c => c == ':') : int.MinValue).DefaultIfEmpty(0).Min();

    private static bool HasHost(string pattern, HostString host)
    {
        var (name, port) = (pattern.Split(':')[0], pattern.Split(':').ElementAtOrDefault(1));
        return (port is null || port == $"{host.Port}")
            && (name == "*" || (name[0] == '*' ? host.Host.EndsWith(name[1..], StringComparison.Ordinal) : name.Equals(host.Host, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool Takes(RouteMatch match, HttpRequest request) =>
        Templates.Single(template => template.Template == match.Path).Paths.Contains(request.Path.Value)
        && (match.Methods?.Contains(request.Method) ?? true)
        && (match.Hosts is null || match.Hosts.Any(host => HasHost(host, request.Host)))
        && (match.Headers?.All(header => request.Headers.ContainsKey(header.Name)) ?? true)
        && (match.QueryParameters?.All(query => request.Query.ContainsKey(query.Name)) ?? true);
}
