using System.Collections.Frozen;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Flows;
using Everyport.Proxy.Hosting;
using Everyport.Proxy.Http;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Tls;
using Everyport.Proxy.Tls.Upstream;
using Everyport.Steering;

namespace Everyport.Proxy.Reload;

/// <summary>
/// Puts another configuration in force in the running proxy, or changes nothing. In steps:
/// 1. all that may fail or takes time is made ready beside what is in force;
/// 2. what is known by its name goes first: destinations of clusters, and TLS towards them. What has left stays usable for those who are on
///    the way to it;
/// 3. what decides about requests, connections and flows is switched, each in one step, so that whoever comes meets the whole of one;
/// 4. steering comes last, when everything is ready for what it brings.
/// </summary>
internal sealed class ConfigurationSwitch(RunningParts parts, ProxyConfiguration first, SteeringLog log)
{
    private volatile ProxyConfiguration _current = first;

    public ProxyConfiguration Current => _current;

    /// <summary>For one caller at a time. Returns a sentence for each setting that waits for the next start.</summary>
    /// <exception cref="SteeringException">The kernel refuses; nothing has changed.</exception>
    /// <exception cref="StartupException">A file cannot be used; nothing has changed.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(ProxyConfiguration wanted)
    {
        var (before, (next, waiting)) = (_current, StartOnlySettings.Keep(_current, wanted));
        var former = new Switched(parts.Http.Rules, before.Limits, parts.Connections.Rules.Current, parts.Flows.Rules);
        FrozenDictionary<string, UpstreamTls>? formerTls = null;
        try
        {
            // 1
            var ownRules = SteeringChoices.OwnRules(next);
            using var steering = parts.Steering.Prepare(next.Steering.Ruleset, SteeringChoices.Of(next.Steering, ownRules));
            var tls = parts.UpstreamTls.Prepare(next.UpstreamTls);
            var routes = next.TcpRoutes;
            var certificates = former.Connections.Certificates.With(next.Tls);
            parts.ClientSources.OpenFor(next.Streams);
            await parts.Names.KeepAsync(HostsOf(before).Concat(HostsOf(next)));

            // 2
            formerTls = parts.UpstreamTls.Replace(tls);
            parts.Clusters.Apply(next.StreamClusters);
            var ready = new Switched(
                await parts.Http.PrepareAsync(next, certificates), next.Limits, RulesFor(next, routes, certificates, former.Connections), parts.Flows.Prepare(next, parts.Clusters));

            // 3
            parts.Upstreams.Replace(OwnDestinations.Of(next.Admin, before.Steering.Ruleset, next.Steering.Ruleset));
            Switch(ready);

            // 4
            var publication = steering.Publish();
            _current = next;
            parts.Upstreams.Replace(OwnDestinations.Of(next.Admin, next.Steering.Ruleset));
            parts.Certificates.Watch(certificates);
            parts.Names.Keep(HostsOf(next));
            log.Write(next, publication, ownRules, parts.Steering.AddedRoutes);
            return waiting;
        }
        catch (Exception cause)
        {
            await Restoration.RunAsync(cause, formerTls is null ? [() => Keep(before)] : Restore(before, former, formerTls));
            throw;
        }
    }

    private ConnectionRules RulesFor(ProxyConfiguration next, RouteTable routes, CertificateStore certificates, ConnectionRules before) => new(
        routes,
        new(next.Streams, parts.Clusters, parts.UpstreamTls, before.Streams),
        certificates,
        next.InboundProxyProtocol,
        before.Total.WithMaximum(next.Limits.MaxConnections),
        before.Sources.With(next.Limits.Source),
        next.Limits);

    private void Switch(Switched to)
    {
        parts.Http.Replace(to.Requests, to.Limits.Http);
        parts.Connections.Rules.Replace(to.Connections);
        parts.Flows.Replace(to.Flows);
    }

    /// <summary>
    /// Steering was the last thing that could fail; what has been switched before it goes back. What cannot fail has its turn before YARP, which reads all of
    /// its configuration anew.
    /// </summary>
    private Func<Task>[] Restore(ProxyConfiguration before, Switched former, FrozenDictionary<string, UpstreamTls> formerTls) =>
    [
        () => Do(() => parts.UpstreamTls.Replace(formerTls)),
        () => Do(() => parts.Clusters.Apply(before.StreamClusters)),
        () => Do(() => parts.Connections.Rules.Replace(RulesFor(before, former.Connections.Routes, former.Connections.Certificates, former.Connections))),
        () => Do(() => parts.Flows.Replace(parts.Flows.Prepare(before, parts.Clusters))),
        () => Do(() => parts.Upstreams.Replace(OwnDestinations.Of(before.Admin, before.Steering.Ruleset))),
        () => Keep(before),
        async () => parts.Http.Replace(await parts.Http.PrepareAsync(before, former.Connections.Certificates), before.Limits.Http),
    ];

    private Task Keep(ProxyConfiguration before) => Do(() => parts.Names.Keep(HostsOf(before)));

    private static Task Do(Action step)
    {
        step();
        return Task.CompletedTask;
    }

    private static IEnumerable<string> HostsOf(ProxyConfiguration configuration) => configuration.StreamClusters.SelectMany(cluster => cluster.HostNames);

    /// <summary>What decides about requests, connections and flows.</summary>
    private sealed record Switched(RequestRules Requests, Limits Limits, ConnectionRules Connections, FlowRules Flows);
}
