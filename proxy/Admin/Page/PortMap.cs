using Everyport.Proxy.Admin.Ports;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Routing;
using Everyport.Steering.Rules;

namespace Everyport.Proxy.Admin.Page;

/// <summary>Where each port of one address leads, by what decides about connections and flows.</summary>
internal sealed class PortMap(Func<Ruleset> rules, Func<ProxyConfiguration> inForce)
{
    private const string Nobody = "no route";

    /// <summary>Where there are more targets than anybody can tell apart, the last stands for all others.</summary>
    private const int MostTargets = 200;

    private readonly Lock _gate = new();
    private Known _known = new(Ruleset.Empty, null, [], null);

    /// <summary>Targets, and runs of ports with the number of the target that they lead to. The first target is the normal lookup.</summary>
    public PortMapStatus Of(Protocols protocol, Address address)
    {
        var known = Current();
        var targets = new Dictionary<PortMapTarget, int> { [new("normal lookup", IsSteered: false)] = 0 };
        var runs = new List<int[]>();
        foreach (var first in known.Borders)
        {
            var target = Of(known, protocol, address, first);
            if (!targets.TryGetValue(target, out var number))
                targets[target] = number = Math.Min(targets.Count, MostTargets);
            if (runs.Count > 0 && runs[^1][2] == number)
                continue;
            if (runs.Count > 0)
                runs[^1][1] = first - 1;
            runs.Add([first, ushort.MaxValue, number]);
        }
        return new PortMapStatus([.. targets.OrderBy(target => target.Value).Take(MostTargets).Select(target => target.Key)], runs);
    }

    private static PortMapTarget Of(Known known, Protocols protocol, Address address, ushort port)
    {
        if (known.Ruleset.Decide(protocol, address, port) is not { Target: { } target } || target == Target.Pass)
            return new("normal lookup", IsSteered: false);
        if (target != Target.Proxy)
            return new(target.Kind == TargetKind.Drop ? "dropped" : $"service {target.Service}", IsSteered: true);
        var steered = new Steered(new Endpoint(address, 0), new Endpoint(address, port));
        var decision = (protocol == Protocols.Tcp ? known.Configuration!.TcpRoutes : known.Udp!).Decide(steered);
        var stream = decision.Stream is { } route ? $"stream {route.Name}" : null;
        return new((decision.NeedsFirstBytes, stream) switch
        {
            (false, _) => stream ?? Nobody,
            (true, null) => protocol == Protocols.Tcp ? "HTTP or TLS" : "QUIC by name",
            _ => protocol == Protocols.Tcp ? $"HTTP or TLS, otherwise {stream}" : $"QUIC by name, otherwise {stream}",
        }, IsSteered: true);
    }

    /// <summary>Ports between two borders are treated alike, whatever the address; found once for rules and a configuration.</summary>
    private Known Current()
    {
        lock (_gate)
        {
            var (ruleset, configuration) = (rules(), inForce());
            return _known.Ruleset == ruleset && ReferenceEquals(_known.Configuration, configuration)
                ? _known
                : _known = new Known(
                    ruleset, configuration, [.. PortRangesMap.Of(ruleset, configuration).Select(range => (ushort)range.First)], RouteTable.ForUdp(configuration.Streams));
        }
    }

    private sealed record Known(Ruleset Ruleset, ProxyConfiguration? Configuration, IReadOnlyList<ushort> Borders, RouteTable? Udp);
}
