using Everyport.Proxy.Configuration;
using Everyport.Proxy.Routing;
using Everyport.Steering.Inspection;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Doctor;

/// <summary>Whether what the rules name arrives here, and gets an answer.</summary>
internal static class AddressChecks
{
    private const int Strict = 1;
    private static readonly Prefix[] Loopback = [Of("127.0.0.0/8"), Of("::1/128")];

    public static IEnumerable<Finding> Of(Machine machine, ProxyConfiguration configuration)
    {
        var (steering, network) = (configuration.Steering, machine.Network);
        Prefix[] steered = [.. steering.Ruleset.Rules.Where(rule => rule.Target.Kind == TargetKind.Service).SelectMany(rule => rule.Prefixes).Where(prefix => prefix.Length > 0).Distinct()];

        foreach (var prefix in steered.Where(prefix => !network.LocalPrefixes.Any(local => local.Contains(prefix))))
        {
            if (!steering.LocalRoutes)
                yield return new(FindingLevel.Warning, "local routes", $"{prefix} is not local here, and Steering:LocalRoutes is off: what is sent there is routed away, and never looked up.", $"'ip route add local {prefix} dev lo', or leave LocalRoutes on.");
            else if (network.Subnets.FirstOrDefault(subnet => prefix.Contains(subnet) && subnet.Length < subnet.Address.Width) is { Length: > 0 } attached)
                yield return new(FindingLevel.Warning, "local routes", $"{prefix} gets no local route, as that would cut off the network {attached} of an interface; only its addresses that are local already are steered.", "Name a narrower prefix.");
        }
        if (!machine.HasIPv6 && steered.Any(prefix => prefix.Address.IsIPv6))
            yield return new(FindingLevel.Warning, "IPv6", "There are rules for IPv6, which is switched off here.", "Set net.ipv6.conf.all.disable_ipv6=0.");
        if (machine.IsContainer && steered.Length > 0 && !steered.Any(prefix => Loopback.Any(own => own.Contains(prefix)) || network.Subnets.Any(subnet => subnet.Contains(prefix) || prefix.Contains(subnet))))
            yield return new(FindingLevel.Warning, "container", "This is a container with a network of its own, to which none of the steered addresses belongs: what clients send there does not come here.", "Run it with '--network host' (hostNetwork in Kubernetes), or route the addresses to the container.");
        if (machine.ReversePathFilter == Strict && configuration.Streams.FirstOrDefault(stream => stream.Settings.SourceAddress == UpstreamSource.Client) is { } transparent)
            yield return new(FindingLevel.Warning, "rp_filter", $"rp_filter is strict, and the stream '{transparent.Name}' dials from the addresses of clients: answers that come in by another interface than the way to the client are dropped.", "Set net.ipv4.conf.*.rp_filter to 2 (loose) where that may be.");
    }

    private static Prefix Of(string text) => Prefix.TryParse(text, out var prefix, out _) ? prefix : throw new FormatException(text);
}
