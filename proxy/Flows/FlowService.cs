using System.Net.Sockets;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Names;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Flows;

/// <summary>All of UDP: the sockets that receive it and a <see cref="FlowEngine"/> for each.</summary>
internal sealed class FlowService : IDisposable
{
    private readonly UnreachableMessenger _unreachable = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<FlowEngine> _engines = [];
    private readonly FlowResources _shared;

    private FlowService(ProxyConfiguration configuration, StreamClusters clusters, NameTable hostNames, Records records, ILoggerFactory loggers)
    {
        var limits = configuration.Limits;
        _shared = new FlowResources(
            new FlowRoutes(configuration.Streams, clusters, limits.FlowIdleTimeout),
            hostNames,
            new OwnNames(),
            new ConnectionLimit(limits.MaxFlows),
            new SourceLimits(limits.FlowSource, TimeProvider.System),
            new Drops(TimeProvider.System, loggers.CreateLogger<Drops>()),
            _unreachable,
            new QuicPins(),
            records,
            limits.SniffTimeout);
        for (var i = 0; i < limits.FlowThreads; i++)
        {
            _sockets.Add(SteeredSockets.BindUdp(_sockets.FirstOrDefault(), limits.FlowReceiveBuffer));
            _engines.Add(new FlowEngine(i, _sockets[i], _shared, loggers.CreateLogger<FlowEngine>()));
        }
    }

    /// <summary>Flows that are open now.</summary>
    public int Open => _shared.Total.Count;

    /// <summary>All routes of UDP.</summary>
    public IReadOnlyList<FlowRoute> Routes => _shared.Routes.All;

    /// <summary>Datagrams that were not sent on for a reason.</summary>
    public long Dropped(DropReason reason) => _shared.Drops.Total(reason);

    /// <summary>The sockets to steer datagrams to: one reuseport group.</summary>
    public IReadOnlyList<Socket> Sockets => _sockets;

    public static FlowService Start(ProxyConfiguration configuration, StreamClusters clusters, NameTable hostNames, Records records, ILoggerFactory loggers)
    {
        var service = new FlowService(configuration, clusters, hostNames, records, loggers);
        foreach (var engine in service._engines)
            engine.Start();
        return service;
    }

    public void Dispose()
    {
        foreach (var engine in _engines)
            engine.Dispose();
        foreach (var socket in _sockets)
            socket.Dispose();
        _unreachable.Dispose();
    }
}
