using Everyport.Proxy.Admin;
using Everyport.Proxy.Configuration;
using Everyport.Steering.Rules;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Reload;

/// <summary>
/// Whether what the proxy dials is the proxy itself: its admin host, or what steering would bring back to it, by one ruleset or,
/// while one follows another, by either.
/// </summary>
internal static class OwnDestinations
{
    public static Func<Endpoint, bool> Of(AdminSettings admin, params IReadOnlyList<Ruleset> rulesets)
    {
        var host = OwnEndpoint.OfAdmin(admin.Listen);
        return destination => host.Answers(Protocols.Tcp, destination.Address, destination.Port)
            || rulesets.Any(rules => rules.Decide(Protocols.Tcp, destination.Address, destination.Port)?.Target == Target.Proxy);
    }
}
