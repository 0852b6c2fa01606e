using System.Globalization;
using System.Net;
using Everyport.Proxy.Http;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Configuration;

/// <summary>
/// Finds destinations that the rules would steer back to the proxy. Only what is certain is an error here: names,
/// and addresses of which only the kernel knows whether they are local, are left to the check at run time.
/// </summary>
internal sealed class SelfLoopCheck
{
    private readonly SteeringSettings _steering;
    private readonly IReadOnlyList<OwnEndpoint> _own;
    private readonly ConfigurationErrors _errors;
    private readonly HashSet<string> _reported = new(StringComparer.OrdinalIgnoreCase);
    private readonly Rule[] _toProxy;

    // Many routes lead to few addresses.
    private readonly Dictionary<Address, bool> _mayComeBack = [];

    private SelfLoopCheck(SteeringSettings steering, IReadOnlyList<OwnEndpoint> own, ConfigurationErrors errors)
    {
        (_steering, _own, _errors) = (steering, own, errors);
        _toProxy = [.. steering.Ruleset.Rules.Where(rule => rule.Target == Target.Proxy)];
    }

    public static void Check(
        SteeringSettings steering, IReadOnlyList<OwnEndpoint> own, HttpConfiguration http, IReadOnlyList<StreamRoute> streams, ConfigurationErrors errors)
    {
        var check = new SelfLoopCheck(steering, own, errors);
        foreach (var stream in streams)
        {
            foreach (var destination in stream.Destinations)
                check.Check(stream.ClusterId, stream.Match, destination, destination.ToString());
        }
        var clusters = http.Clusters.ToDictionary(
            cluster => cluster.ClusterId,
            cluster => (cluster.Destinations ?? new Dictionary<string, DestinationConfig>())
                .Where(destination => destination.Value.Address is not null)
                .Select(destination => (destination.Value.Address, Parsed: DestinationTemplate.ToStreamDestination(destination.Key, destination.Value.Address)))
                .Where(destination => destination.Parsed is not null)
                .ToArray(),
            StringComparer.OrdinalIgnoreCase);
        foreach (var route in http.Routes)
        {
            foreach (var (text, destination) in clusters.GetValueOrDefault(route.ClusterId ?? "", []))
                check.Check(route.ClusterId!, http.Matches[route.RouteId], destination!, text);
        }
    }

    private void Check(string cluster, DestinationMatch match, StreamDestination destination, string text)
    {
        var path = $"ReverseProxy:Clusters:{cluster}:Destinations:{destination.Name}:Address";
        if (FindLoop(match, destination) is not { } loop || !_reported.Add(path))
            return;
        var beginning = $"'{text}' would come back to the proxy: the rule '{loop.Rule.Name}' steers {loop.Dialled} to it";
        _errors.Add(path, destination.Host == StreamDestination.AddressPlaceholder
            ? $"{beginning}, as it does with what arrives. Give another address, or a port that no rule steers; the original address and port can only be "
                + "dialled with \"Steering:LocalRoutes\": false and routes of your own that deliver here nothing but what comes from outside"
            : $"{beginning}. Add a rule with \"Prefixes\": [\"{new Prefix(loop.Dialled.Address, loop.Dialled.Address.Width)}\"], "
                + $"\"Ports\": \"{destination.Port?.ToString(CultureInfo.InvariantCulture) ?? "*"}\", \"Action\": \"Pass\", or give another address");
    }

    /// <summary>An endpoint that would be dialled, and the rule that steers it back; null where none is certain.</summary>
    private (Endpoint Dialled, Rule Rule)? FindLoop(DestinationMatch match, StreamDestination destination) =>
        Dialled(match, destination)
            .Select(dialled => (dialled, Rule: SteeredBack(destination.Protocol, dialled)))
            .Where(loop => loop.Rule is not null)
            .Select(loop => ((Endpoint, Rule)?)(loop.dialled, loop.Rule!))
            .FirstOrDefault();

    /// <summary>What may be dialled: enough endpoints to tell, not all.</summary>
    private IEnumerable<Endpoint> Dialled(DestinationMatch match, StreamDestination destination)
    {
        if (destination.Host == StreamDestination.AddressPlaceholder)
            return Arrivals(match, destination.Protocol).Select(original => original with { Port = destination.PortFor(original) });
        if (!Address.TryParse(destination.Host, out var address) || !MayComeBack(address))
            return [];
        return destination.Port is { } port
            ? [new Endpoint(address, port)]
            : BorderPorts(match, address).Where(port => Arrives(match, destination.Protocol, port)).Select(port => new Endpoint(address, port));
    }

    private bool MayComeBack(Address address)
    {
        if (!_mayComeBack.TryGetValue(address, out var may))
            _mayComeBack[address] = may = _toProxy.Any(rule => rule.Prefixes.Any(prefix => prefix.Contains(address)));
        return may;
    }

    /// <summary>For each rule and prefix, an original destination that a route takes.</summary>
    private IEnumerable<Endpoint> Arrivals(DestinationMatch match, Protocols protocol) =>
        from rule in _toProxy
        where (rule.Protocols & protocol) != 0
        from prefix in rule.Prefixes
        from address in match.Addresses.Count == 0 ? [prefix.Address] : match.Addresses.Where(wanted => Overlap(prefix, wanted)).Select(wanted => Narrower(prefix, wanted).Address)
        from range in rule.Ports
        from wanted in match.Ports
        where range.Overlaps(wanted)
        let original = new Endpoint(address, Math.Max((ushort)1, Math.Max(range.First, wanted.First)))
        where _steering.Ruleset.Decide(protocol, original.Address, original.Port)?.Target == Target.Proxy
        select original;

    /// <summary>Between two borders of the port ranges of rules for an address and of a route, all ports are treated alike.</summary>
    private IEnumerable<ushort> BorderPorts(DestinationMatch match, Address address) =>
        _steering.Ruleset.Rules
            .Where(rule => rule.Prefixes.Any(prefix => prefix.Contains(address)))
            .SelectMany(rule => rule.Ports)
            .Concat(match.Ports)
            .SelectMany(range => (int[])[range.First, range.Last + 1])
            .Select(border => Math.Max(1, border))
            .Where(border => border <= ushort.MaxValue && match.Ports.Narrowest((ushort)border) is not null)
            .Distinct()
            .Order()
            .Select(border => (ushort)border);

    private bool Arrives(DestinationMatch match, Protocols protocol, ushort port) => _toProxy.Any(rule =>
        (rule.Protocols & protocol) != 0
        && rule.Ports.Narrowest(port) is not null
        && (match.Addresses.Count == 0 || rule.Prefixes.Any(prefix => match.Addresses.Any(wanted => Overlap(prefix, wanted)))));

    /// <summary>
    /// The rule that certainly takes a dial of our own. A rule only sees what is delivered locally: loopback
    /// addresses are, and so are prefixes with a local route. Without such routes, and for a prefix of length 0, a
    /// destination may well be on another machine.
    /// </summary>
    private Rule? SteeredBack(Protocols protocol, Endpoint dialled)
    {
        if (_own.Any(own => own.Answers(protocol, dialled.Address, dialled.Port)))
            return null;
        if (_steering.Ruleset.Decide(protocol, dialled.Address, dialled.Port) is not { } rule || rule.Target != Target.Proxy)
            return null;
        var isLocal = IPAddress.IsLoopback(dialled.Address.ToIPAddress())
            || _steering.LocalRoutes && rule.Prefixes.Any(prefix => prefix.Length > 0 && prefix.Contains(dialled.Address));
        return isLocal ? rule : null;
    }

    private static bool Overlap(Prefix a, Prefix b) => a.Contains(b) || b.Contains(a);

    private static Prefix Narrower(Prefix a, Prefix b) => a.Length >= b.Length ? a : b;
}
