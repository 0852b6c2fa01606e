using Everyport.Proxy.Configuration;
using Everyport.Steering;
using Everyport.Steering.Rules;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Hosting;

/// <summary>Tells at the start what the guard rails have done, and which of them are off.</summary>
internal sealed partial class SteeringLog(ILogger<SteeringLog> logger)
{
    public void Write(ProxyConfiguration configuration, Publication publication, IEnumerable<Rule> ownRules, IEnumerable<Prefix> addedRoutes)
    {
        var settings = configuration.Steering;
        foreach (var rule in publication.Guards)
            Guarded(rule.Name["guard: ".Length..]);
        foreach (var rule in ownRules)
        {
            foreach (var prefix in rule.Prefixes.Where(prefix => IsSteered(settings.Ruleset, rule, prefix)))
                OwnEndpointPasses(rule.Name["own: ".Length..], prefix.Address, rule.Ports[0].First);
        }
        // Nothing but the proxy can register a socket yet; the kernel refuses what has a rule but no socket.
        foreach (var rule in settings.Ruleset.Rules.Where(rule => rule.Target.Kind == TargetKind.Service && rule.Target != Target.Proxy))
            ServiceHasNoSocket(rule.Name, rule.Target.Service!);
        foreach (var prefix in addedRoutes)
            RouteAdded(prefix);
        foreach (var skipped in publication.SkippedRoutes)
            RouteSkipped(skipped.ToString());

        if (!settings.LeaveExistingListeners)
            GuardIsOff("LeaveExistingListeners", "rules for all ports take over ports on which other programs listen");
        if (!settings.LeaveEphemeralPorts)
            GuardIsOff("LeaveEphemeralPorts", "rules for all UDP ports take over answers to local clients, such as those of the DNS");
        if (!settings.LocalRoutes)
            GuardIsOff("LocalRoutes", "steered addresses that are not local need routes of your own");
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private partial void RouteSkipped(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The guard rail Steering:{Key} is off: {Consequence}")]
    private partial void GuardIsOff(string key, string consequence);
}
