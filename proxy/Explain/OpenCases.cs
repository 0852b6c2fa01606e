using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tls;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Explain;

/// <summary>Where the first bytes decide: what becomes of each kind of them.</summary>
internal static class OpenCases
{
    private const int MostNames = 20;

    /// <summary>A name below a wildcard, and one that nobody has.</summary>
    private const string Any = "any", Nobody = "name-of-nobody.invalid";

    public static IEnumerable<ExplainedCase> Of(Protocols transport, RouteTable table, RouteDecision decision, Steered steered, CertificateDirectory certificates)
    {
        var isUdp = transport == Protocols.Udp;
        var (kind, protocol) = isUdp ? ("QUIC", SniffedProtocol.Quic) : ("TLS", SniffedProtocol.Tls);
        var around = RouteSteps.Around(table, steered).ToArray();
        foreach (var name in NamesOf(around, certificates).Distinct().Take(MostNames))
        {
            var asked = name.IsWildcard ? $"{Any}{name.Name}" : name.Name;
            yield return Case($"{kind} for {name}", new FirstBytes(protocol, new ClientHello(asked, [])));
        }
        foreach (var alpn in around.SelectMany(entry => entry.Alpn).Distinct())
            yield return Case($"{kind} that offers {alpn}, for another name", new FirstBytes(protocol, new ClientHello(Nobody, [alpn])));
        yield return Case($"{kind} for another name", new FirstBytes(protocol, new ClientHello(Nobody, [])));
        yield return Case($"{kind} without a name", new FirstBytes(protocol, new ClientHello(null, [])));
        if (!isUdp)
            yield return Case("HTTP without TLS", new FirstBytes(SniffedProtocol.Http1));
        yield return Case(isUdp ? "anything else" : "anything else, and a client that waits for the server", new FirstBytes(SniffedProtocol.Raw));

        ExplainedCase Case(string when, FirstBytes first)
        {
            var verdict = decision.Resolve(first, certificates);
            var outcome = verdict.IsHttp ? ExplainedOutcome.Http : verdict.Stream is not null ? ExplainedOutcome.Stream
                : verdict.LacksCertificate ? ExplainedOutcome.NoCertificate : ExplainedOutcome.NoRoute;
            return new ExplainedCase(when, outcome, verdict.Stream?.Name, verdict.Stream?.ClusterId, verdict.Certificate?.Name);
        }
    }

    private static IEnumerable<ServerNamePattern> NamesOf(IEnumerable<RouteEntry> around, CertificateDirectory certificates) =>
        around.Select(entry => entry.Sni).OfType<ServerNamePattern>().Concat(certificates.All.SelectMany(certificate => certificate.Hosts.Names));
}
