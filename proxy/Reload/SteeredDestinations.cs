using Everyport.Steering.Rules;
using Endpoint = Everyport.Proxy.Routing.Endpoint;

namespace Everyport.Proxy.Reload;

/// <summary>Whether what the proxy dials would come back to it, by one ruleset or, while one follows another, by either.</summary>
internal static class SteeredDestinations
{
    public static Func<Endpoint, bool> Of(params IReadOnlyList<Ruleset> rulesets) => destination =>
        rulesets.Any(rules => rules.Decide(Protocols.Tcp, destination.Address, destination.Port)?.Target == Target.Proxy);
}
