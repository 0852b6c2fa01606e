using Everyport.Proxy.Configuration;
using Everyport.Steering;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Hosting;

/// <summary>Tells what the guard rails have done, and which of them are off; after a reload, what is new of it.</summary>
internal sealed partial class SteeringLog(ILogger<SteeringLog> logger)
{
    /// <summary>Routes that are named one by one.</summary>
    private const int MostRoutes = 20;

    private HashSet<object> _told = [], _telling = [];

    public void Write(ProxyConfiguration configuration, Publication publication, IEnumerable<Rule> ownRules, IReadOnlyCollection<Prefix> addedRoutes)
    {
        var settings = configuration.Steering;
        foreach (var rule in publication.Guards.Where(rule => IsNew(rule.Name)))
            Guarded(rule.Name["guard: ".Length..]);
        foreach (var rule in ownRules)
        {
            foreach (var prefix in rule.Prefixes.Where(prefix => IsSteered(settings.Ruleset, rule, prefix) && IsNew((rule.Name, prefix))))
                OwnEndpointPasses(rule.Name["own: ".Length..], prefix.Address, rule.Ports[0].First);
        }
        // Nothing but the proxy can register a socket yet; the kernel refuses what has a rule but no socket.
        foreach (var rule in settings.Ruleset.Rules.Where(rule => rule.Target.Kind == TargetKind.Service && rule.Target != Target.Proxy && IsNew((rule.Name, rule.Target))))
            ServiceHasNoSocket(rule.Name, rule.Target.Service!);
        TellRoutes([.. addedRoutes.Where(prefix => IsNew(prefix))]);
        foreach (var skipped in publication.SkippedRoutes.Where(skipped => IsNew(skipped)))
            RouteSkipped(skipped.ToString());

        if (!settings.LeaveExistingListeners && IsNew("LeaveExistingListeners"))
            GuardIsOff("LeaveExistingListeners", "rules for all ports take over ports on which other programs listen");
        if (!settings.LeaveEphemeralPorts && IsNew("LeaveEphemeralPorts"))
            GuardIsOff("LeaveEphemeralPorts", "rules for all UDP ports take over answers to local clients, such as those of the DNS");
        if (!settings.LocalRoutes && IsNew("LocalRoutes"))
            GuardIsOff("LocalRoutes", "steered addresses that are not local need routes of your own");
        (_told, _telling) = (_telling, []);
    }

    /// <summary>Notes what there is to tell now, and whether that is news.</summary>
    private bool IsNew(object what) => _telling.Add(what) && !_told.Contains(what);

    private void TellRoutes(Prefix[] added)
    {
        if (added.Length > MostRoutes)
        {
            RoutesAdded(added.Length);
            return;
        }
        foreach (var prefix in added)
            RouteAdded(prefix);
    }

    private static bool IsSteered(Ruleset ruleset, Rule own, Prefix prefix) =>
        ((Protocols[])[Protocols.Tcp, Protocols.Udp]).Any(protocol =>
            (own.Protocols & protocol) != 0
            && ruleset.Decide(protocol, prefix.Address, own.Ports[0].First) is { } rule && rule.Target != Target.Pass);

    [LoggerMessage(Level = LogLevel.Information, Message = "Guard rail: the rules for all ports leave alone the {What}; a rule that names the port steers it")]
    private partial void Guarded(string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "Guard rail: {Address} port {Port} is not steered, as this program listens there itself ({Key})")]
    private partial void OwnEndpointPasses(string key, Address address, ushort port);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rule '{Rule}' steers to the service '{Service}', which has no socket: everything that the rule matches is refused until a socket is registered")]
    private partial void ServiceHasNoSocket(string rule, string service);

    [LoggerMessage(Level = LogLevel.Information, Message = "Added the route 'local {Prefix} dev lo', so that what is sent there is delivered here")]
    private partial void RouteAdded(Prefix prefix);

    [LoggerMessage(Level = LogLevel.Information, Message = "Added {Count} routes like 'local PREFIX dev lo', so that what is sent there is delivered here: 'ip route show table local proto 197', or 198 with PinPath, lists them")]
    private partial void RoutesAdded(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private partial void RouteSkipped(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The guard rail Steering:{Key} is off: {Consequence}")]
    private partial void GuardIsOff(string key, string consequence);
}
