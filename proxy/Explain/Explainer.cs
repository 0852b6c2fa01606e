using System.Globalization;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Sniffing;
using Everyport.Proxy.Tls;
using Everyport.Steering.Rules;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Explain;

/// <summary>
/// Tells where a connection, flow or request would go, and why. It asks what decides about traffic: the ruleset, the route table, the
/// certificates and the router of HTTP. In the order of traffic:
/// (1) denied sources, then the rules;
/// (2) the PROXY protocol;
/// (3) the routes, by addresses and ports;
/// (4) the first bytes, where those do not decide;
/// (5) the request, where HTTP takes it;
/// (6) the cluster and its destinations.
/// </summary>
internal sealed class Explainer : IDisposable
{
    private const int MostSources = 5;

    private readonly ProxyConfiguration _configuration;
    private readonly Ruleset _ruleset;
    private readonly CertificateDirectory _certificates;

    // Few ask, and for many routes all this is large.
    private readonly Lazy<RouteTable> _tcp, _udp;
    private readonly Lazy<RequestProbe> _probe;

    /// <param name="configuration">The configuration.</param>
    /// <param name="ruleset">Its rules, with those of guard rails as far as they are known.</param>
    /// <param name="certificates">Its certificates, as their files are now.</param>
    public Explainer(ProxyConfiguration configuration, Ruleset ruleset, CertificateDirectory certificates)
    {
        (_configuration, _ruleset, _certificates) = (configuration, ruleset, certificates);
        _tcp = new Lazy<RouteTable>(() => RouteTable.ForTcp(configuration.Streams, configuration.Http.RouteMatches));
        _udp = new Lazy<RouteTable>(() => RouteTable.ForUdp(configuration.Streams));
        _probe = new Lazy<RequestProbe>(() => new RequestProbe(configuration.Http));
    }

    /// <summary>One for a configuration that nobody runs: it has no guard rails but for its own endpoints.</summary>
    public static Explainer Offline(ProxyConfiguration configuration)
    {
        var own = configuration.OwnEndpoints.Select(endpoint => endpoint.ToRule([])).OfType<Rule>();
        var rules = configuration.Steering.Ruleset;
        var all = Ruleset.TryCreate([.. rules.Rules, .. own], rules.DenySources, out var combined, out _) ? combined : rules;
        return new Explainer(configuration, all, new CertificateDirectory(configuration.Tls.Certificates));
    }

    public Explanation Explain(Question question)
    {
        var way = new Way(question);
        // (1)
        if (RuleSteps.Explain(_ruleset, question, way) is { } end)
            return end;

        // (2)
        var steered = new Steered(new Endpoint(question.Source ?? NobodyIn(question.Destination.Address), 0), question.Destination);
        if (question.Protocol == Protocols.Tcp && ExplainHeader(steered, way) is { } refused)
            return refused;

        // (3)
        var table = (question.Protocol == Protocols.Tcp ? _tcp : _udp).Value;
        if (question.Source is null)
            TellOfSources(table, steered, way);
        var decision = table.Decide(steered);
        var certificates = question.Protocol == Protocols.Tcp ? _certificates : CertificateDirectory.None;
        if (!decision.NeedsFirstBytes)
        {
            RouteSteps.Explain(table, steered, decision.Stream, new FirstBytes(SniffedProtocol.Raw), way);
            return Finish(new RouteVerdict(false, decision.Stream), steered, question, way);
        }

        // (4)
        if (question.FirstBytes is not { } first)
        {
            way.Add("What the client sends first decides.");
            return way.End(ExplainedOutcome.FirstBytesDecide) with { Cases = [.. OpenCases.Of(question.Protocol, table, decision, steered, certificates)] };
        }
        var verdict = decision.Resolve(first, certificates);
        if (!verdict.IsHttp)
            RouteSteps.Explain(table, steered, verdict.Stream, first, way);
        return Finish(verdict, steered, question, way);
    }

    public void Dispose()
    {
        if (_probe.IsValueCreated)
            _probe.Value.Dispose();
    }

    /// <summary>An address that is in no list but in one of everybody.</summary>
    private static Address NobodyIn(Address family) => new(family.IsIPv6, 0);

    private static void TellOfSources(RouteTable table, Steered steered, Way way)
    {
        string[] sources = [.. table.Entries
            .Where(entry => entry.Source is not null && entry.Ports.Contains(steered.Original.Port) && entry.Prefix?.Contains(steered.Original.Address) != false)
            .Select(entry => entry.Source!.Value.ToString())
            .Distinct()];
        if (sources.Length > 0)
            way.Add($"There are routes only for clients of {string.Join(", ", sources.Take(MostSources))}{(sources.Length > MostSources ? " and others" : "")}; what follows is for another client, unless a source is given.");
    }

    private Explanation? ExplainHeader(Steered steered, Way way)
    {
        switch (_configuration.InboundProxyProtocol.For(steered))
        {
            case Expectation.Header:
                way.Add("A PROXY protocol header is expected of this client: what follows goes by the addresses in it, and what is told here by those that it connects with.");
                return null;
            case Expectation.Refuse:
                way.Add("Only the peers of an entry of ProxyProtocol may connect there, with a header; this client is none of them, and is reset.");
                return way.End(ExplainedOutcome.ProxyHeaderMissing);
            default:
                return null;
        }
    }

    private Explanation Finish(RouteVerdict verdict, Steered steered, Question question, Way way)
    {
        way.Certificate = verdict.Certificate?.Name;
        if (verdict.Certificate is { } certificate)
            way.Add($"TLS ends here, with the certificate '{certificate.Name}'.");
        if (verdict.IsHttp)
        {
            // (5)
            return new RequestSteps(_configuration.Http, _probe.Value, _certificates).Explain(steered, question, verdict.Certificate, way);
        }
        if (verdict.Stream is not { } stream)
        {
            way.Add(verdict.LacksCertificate ? "There is no certificate for that name, and no stream takes it: the client is told by an alert."
                : question.Protocol == Protocols.Tcp ? "No route takes it: it is reset." : "No stream takes it: it is not answered.");
            return way.End(verdict.LacksCertificate ? ExplainedOutcome.NoCertificate : ExplainedOutcome.NoRoute);
        }

        // (6)
        ExplainedDestination[] destinations = [.. stream.Destinations.Select(destination => new ExplainedDestination(destination.Name, AddressOf(destination, steered.Original)))];
        return way.End(ExplainedOutcome.Stream, stream.Name, stream.ClusterId, destinations);
    }

    private static string AddressOf(StreamDestination destination, Endpoint original) =>
        destination.ToString()
            .Replace(StreamDestination.AddressPlaceholder, original.Address.IsIPv6 ? $"[{original.Address}]" : original.Address.ToString(), StringComparison.Ordinal)
            .Replace(StreamDestination.PortPlaceholder, original.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
