using CsCheck;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tls;
using static Everyport.Proxy.Tests.Routing.Routes;
using static Everyport.Proxy.Tests.Tls.SomeCertificates;

namespace Everyport.Proxy.Tests.Routing;

/// <summary>The index against a plain reading of the precedence: look at every route, sort what matches, take the first.</summary>
public class RoutePropertyTests
{
    private static readonly Gen<string[]> Addresses = Some("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "192.0.2.0/24", "::/0", "2001:db8::/32", "2001:db8::1/128");
    private static readonly Gen<string> Ports = Gen.OneOf(["*", "1-65535", "80", "443", "80,443", "1-100", "50-200", "80-81", "443,400-500", "1000-2000,1500-1600", "65535"]);
    private static readonly Gen<string[]> Names = Some("a.example.com", "*.example.com", "*.b.example.com", "c.b.example.com", "*.com", "example.com");
    private static readonly Gen<string[]> Protocols = Some("h2", "http/1.1");
    private static readonly Gen<string[]> Sources = Some("203.0.113.0/24", "203.0.0.0/16", "0.0.0.0/0", "198.51.100.7/32", "2001:db8::/32");
    private static readonly Gen<int> Order = Gen.OneOf([0, 0, 0, 0, -1, 1]);

    private static readonly Gen<StreamRoute> Stream =
        Gen.Select(Order, Ports, Addresses, Gen.Select(Names, Protocols), Sources, Gen.Int[0, 1_000_000], (order, ports, addresses, tls, sources, name) =>
            Tcp($"s{name:D7}", ports, addresses, order).WithSni(tls.Item1).WithAlpn(tls.Item2).WithSources(sources));

    private static readonly Gen<HttpRouteMatch> HttpRoute =
        Gen.Select(Order, Ports, Addresses, Sources, (order, ports, addresses, sources) => HttpFor(ports, addresses, order, sources));

    private static readonly Gen<Steered> Connections = Gen.Select(
        Gen.OneOf(["10.1.2.3", "10.1.9.9", "10.9.9.9", "192.0.2.1", "198.51.100.1", "[2001:db8::1]", "[2001:db8::2]", "[2001:db9::1]"]),
        Gen.OneOf([1, 50, 79, 80, 81, 100, 101, 200, 201, 399, 443, 500, 1550, 2000, 65535]),
        Gen.OneOf(["203.0.113.1:1", "203.0.9.9:1", "198.51.100.7:1", "192.0.2.9:1", "[2001:db8::9]:1", "[::1]:1"]),
        (address, port, client) => Connection($"{address}:{port}", client));

    private static readonly Gen<FirstBytes> Bytes = Gen.OneOf(
        Gen.OneOf([SniffedProtocol.Http1, SniffedProtocol.Http2, SniffedProtocol.Raw, SniffedProtocol.Unknown]).Select(protocol => new FirstBytes(protocol)),
        Gen.Select(Gen.OneOf([null, "a.example.com", "b.example.com", "c.b.example.com", "x.y.b.example.com", "example.com", "com", "a.org"]), Protocols, (name, alpn) =>
            new FirstBytes(SniffedProtocol.Tls, new ClientHello(name, alpn))));

    private static readonly CertificateDirectory[] Directories =
        [CertificateDirectory.None, new([Served("some", "a.example.com", "*.b.example.com")]), new([Served("some", "example.com"), Served("default", "*")])];

    [Fact]
    public void The_table_decides_as_sorting_all_routes_would() =>
        Gen.Select(Stream.Array[0, 12], HttpRoute.Array[0, 3], Connections.Array[1, 20], Bytes.Array[1, 10]).Sample((streams, http, connections, bytes) =>
        {
            streams = [.. streams.DistinctBy(stream => stream.Name)];
            var table = RouteTable.ForTcp(streams, http);
            foreach (var connection in connections)
            {
                var candidates = Sorted(streams, http, connection, hello: null, onlyCertain: false);
                var decision = table.Decide(connection);
                Assert.Equal(candidates.Count > 0 && candidates[0] is not { Tls.IsAny: true }, decision.NeedsFirstBytes);
                Assert.Equal(candidates.FirstOrDefault(stream => stream is { Tls.IsAny: true })?.Name, decision.Stream?.Name);
                foreach (var first in bytes)
                    AssertVerdict(streams, http, connection, first, decision);
            }
        }, iter: 3_000);

    private static void AssertVerdict(StreamRoute[] streams, HttpRouteMatch[] http, Steered connection, FirstBytes first, RouteDecision decision)
    {
        foreach (var certificates in Directories)
        {
            var certificate = first.Hello is { } hello ? certificates.Find(hello.ServerName) : null;
            var mayBeHttp = first.Protocol is SniffedProtocol.Http1 or SniffedProtocol.Http2 || certificate is not null;
            var candidates = Sorted(streams, mayBeHttp ? http : [], connection, first.Hello, onlyCertain: first.Hello is null);
            var verdict = decision.Resolve(first, certificates);
            Assert.Equal(candidates is [null, ..], verdict.IsHttp);
            Assert.Equal(candidates.FirstOrDefault()?.Name, verdict.Stream?.Name);
            Assert.Same(verdict.IsHttp ? certificate : null, verdict.Certificate);
            Assert.False(verdict.LacksCertificate && candidates.Count > 0);
        }
    }

    /// <summary>What matches, the first one first; null is an HTTP route. Without a hello, every name and protocol counts as matching.</summary>
    private static List<StreamRoute?> Sorted(StreamRoute[] streams, HttpRouteMatch[] http, Steered connection, ClientHello? hello, bool onlyCertain)
    {
        var found = new List<(StreamRoute? Stream, (bool, int, int, int, int, int, int, bool, string) Key)>();
        foreach (var stream in streams.Where(stream => stream.Tls.IsAny || !onlyCertain))
        {
            if (stream.Match.Matches(connection) && NameRank(stream, hello) is { } rank && (stream.Tls.Alpn.Count == 0 || hello is null || stream.Tls.Alpn.Intersect(hello.Alpn).Any()))
                found.Add((stream, Key(stream.IsCatchAll, stream.Order, stream.Match, connection, rank, stream.Tls.Alpn.Count == 0 ? 1 : 0, false, stream.Name)));
        }
        foreach (var route in http.Where(route => route.Match.Matches(connection)))
            found.Add((null, Key(false, route.Order, route.Match, connection, 0, 1, true, route.Name)));
        return [.. found.OrderBy(entry => entry.Key).Select(entry => entry.Stream)];
    }

    private static (bool, int, int, int, int, int, int, bool, string) Key(bool last, int order, DestinationMatch match, Steered connection, int name, int alpn, bool isHttp, string route)
    {
        var (prefix, ports, source) = match.SpecificityFor(connection);
        return (last, order, -prefix, -ports, -name, -source, alpn, isHttp, route);
    }

    /// <summary>100 for a name, the number of labels for a wildcard, 0 for none, null for no match.</summary>
    private static int? NameRank(StreamRoute stream, ClientHello? hello)
    {
        int? best = stream.Tls.Sni.Count == 0 ? 0 : null;
        foreach (var text in stream.Tls.Sni.Select(pattern => pattern.ToString()))
        {
            var rank = text.StartsWith('*') ? text.Split('.').Length - 1 : 100;
            var matches = hello is null || (rank == 100 ? text == hello.ServerName : hello.ServerName?.EndsWith(text[1..], StringComparison.Ordinal) == true && hello.ServerName.Length > text.Length - 1);
            if (matches && rank > (best ?? -1))
                best = rank;
        }
        return best;
    }

    private static Gen<string[]> Some(params string[] all) => Gen.Frequency((2, Gen.Const(Array.Empty<string>())), (1, Gen.OneOf(all).Array[1, 3].Select(some => some.Distinct().ToArray())));
}
