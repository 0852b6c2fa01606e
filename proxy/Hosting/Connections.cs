using System.Net.Sockets;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Http;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Streams;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Hosting;

/// <summary>Puts together what serves TCP connections, once for each reactor, around what they share.</summary>
internal sealed class Connections(
    ProxyConfiguration configuration, StreamClusters clusters, UpstreamRegistry upstreams, HttpHandOver http, SpareDescriptor spare, ILoggerFactory loggers)
{
    private readonly RouteTable _routes = RouteTable.ForTcp(configuration.Streams, configuration.Http.RouteMatches);
    private readonly LiveStreams _streams = new(configuration.Streams, clusters);
    private readonly ConnectionLimit _total = new(configuration.Limits.MaxConnections);
    private readonly SourceLimits _sources = new(configuration.Limits.Source, TimeProvider.System);
    private readonly Refusals _refusals = new(TimeProvider.System, loggers.CreateLogger<Refusals>());
    private readonly LoopCount _loops = new("TCP", TimeProvider.System, loggers.CreateLogger<LoopCount>());

    /// <summary>Has a reactor accept connections.</summary>
    public Acceptor Serve(Reactor reactor, DestinationDialler dialler, Socket listener)
    {
        var forwarder = new StreamForwarder(reactor, dialler, _refusals, loggers.CreateLogger<StreamForwarder>());
        var dispatcher = new ConnectionDispatcher(
            reactor,
            _routes,
            _streams,
            forwarder,
            configuration.InboundProxyProtocol,
            http,
            upstreams,
            _sources,
            _refusals,
            _loops,
            configuration.Limits,
            loggers.CreateLogger<ConnectionDispatcher>());
        return new Acceptor(reactor, listener, dispatcher, _total, _refusals, spare, loggers.CreateLogger<Acceptor>());
    }
}
