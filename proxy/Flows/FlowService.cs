using System.Net.Sockets;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Live;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Names;
using Everyport.Proxy.Reload;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Flows;

/// <summary>All of UDP: the sockets that receive it and a <see cref="FlowEngine"/> for each.</summary>
internal sealed class FlowService : IDisposable
{
    private readonly UnreachableMessenger _unreachable = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<FlowEngine> _engines = [];
    private readonly FlowResources _shared;

    private FlowService(ProxyConfiguration configuration, StreamClusters clusters, NameTable hostNames, Records records, LiveRegister live, ILoggerFactory loggers)
    {
        var limits = configuration.Limits;
        _shared = new FlowResources(
            new InForce<FlowRules>(new FlowRules(
                new FlowRoutes(configuration.Streams, clusters, limits.FlowIdleTimeout, before: null),
                new ConnectionLimit(limits.MaxFlows),
                new SourceLimits(limits.FlowSource, TimeProvider.System),
                limits.SniffTimeout)),
            hostNames,
            new OwnNames(),
            new Drops(TimeProvider.System, loggers.CreateLogger<Drops>()),
            _unreachable,
            new QuicPins(),
            records);
        for (var i = 0; i < limits.FlowThreads; i++)
        {
            _sockets.Add(SteeredSockets.BindUdp(_sockets.FirstOrDefault(), limits.FlowReceiveBuffer));
            _engines.Add(new FlowEngine(i, _sockets[i], _shared, live.NewShelf(), loggers.CreateLogger<FlowEngine>()));
        }
    }

    /// <summary>What decides about new flows.</summary>
    public FlowRules Rules => _shared.Rules.Current;

    /// <summary>Flows that are open now.</summary>
    public int Open => _shared.Rules.Current.Total.Count;

    /// <summary>Datagrams that were not sent on for a reason.</summary>
    public long Dropped(DropReason reason) => _shared.Drops.Total(reason);

    /// <summary>The sockets to steer datagrams to: one reuseport group.</summary>
    public IReadOnlyList<Socket> Sockets => _sockets;

    public static FlowService Start(ProxyConfiguration configuration, StreamClusters clusters, NameTable hostNames, Records records, LiveRegister live, ILoggerFactory loggers)
    {
        var service = new FlowService(configuration, clusters, hostNames, records, live, loggers);
        foreach (var engine in service._engines)
            engine.Start();
        return service;
    }

    /// <summary>What would decide under another configuration. The clusters are those that it has then.</summary>
    public FlowRules Prepare(ProxyConfiguration next, StreamClusters clusters)
    {
        var (now, limits) = (_shared.Rules.Current, next.Limits);
        return new FlowRules(
            new FlowRoutes(next.Streams, clusters, limits.FlowIdleTimeout, now.Routes), now.Total.WithMaximum(limits.MaxFlows), now.Sources.With(limits.FlowSource), limits.SniffTimeout);
    }

    /// <summary>Goes over to it, for flows that begin from now on.</summary>
    public void Replace(FlowRules next) => _shared.Rules.Replace(next);

    /// <summary>Flows end when nothing has gone either way for a while, however long they might be idle otherwise.</summary>
    public void Drain() => _shared.IsDraining = true;

    public void Dispose()
    {
        foreach (var engine in _engines)
            engine.Dispose();
        foreach (var socket in _sockets)
            socket.Dispose();
        _unreachable.Dispose();
    }
}
