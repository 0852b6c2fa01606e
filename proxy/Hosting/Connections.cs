using System.Net.Sockets;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Clusters;
using Everyport.Proxy.Configuration;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Everyport.Proxy.Streams;
using Everyport.Proxy.Tls;
using Everyport.Proxy.Tls.Upstream;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Hosting;

/// <summary>Puts together what serves TCP connections, once for each reactor, around what they share.</summary>
internal sealed class Connections(
    ProxyConfiguration configuration,
    CertificateStore certificates,
    StreamClusters clusters,
    UpstreamRegistry upstreams,
    UpstreamTlsClusters tls,
    HttpHandOver http,
    SpareDescriptor spare,
    Records records,
    ILoggerFactory loggers)
{
    private readonly RouteTable _routes = RouteTable.ForTcp(configuration.Streams, configuration.Http.RouteMatches);
    private readonly LiveStreams _streams = new(configuration.Streams, clusters);
    private readonly SourceLimits _sources = new(configuration.Limits.Source, TimeProvider.System);
    private readonly Refusals _refusals = new(TimeProvider.System, loggers.CreateLogger<Refusals>());

    private readonly HandshakeFailures _handshakeFailures = new(TimeProvider.System, loggers.CreateLogger<HandshakeFailures>());

    public LiveStreams Streams => _streams;

    public Refusals Refusals => _refusals;

    /// <summary>All connections that are open.</summary>
    public ConnectionLimit Total { get; } = new(configuration.Limits.MaxConnections);

    /// <summary>An acceptor for each reactor.</summary>
    public IReadOnlyList<Acceptor> Accept(Socket listener, IReadOnlyList<ReactorMember<DestinationDialler>> reactors)
    {
        var shared = new AcceptorsShare(Total, new ConnectionBalance(reactors.Count), _refusals, spare);
        shared.Acceptors = [.. reactors.Select((member, number) => NewAcceptor(number, member.Reactor, member.Worker, listener, shared))];
        return shared.Acceptors;
    }

    private Acceptor NewAcceptor(int number, Reactor reactor, DestinationDialler dialler, Socket listener, AcceptorsShare shared)
    {
        var streamDialler = new StreamDialler(reactor, dialler, tls);
        var clientTls = new ClientTls(reactor, configuration.Tls.HandshakeTimeout, _handshakeFailures);
        var forwarder = new StreamForwarder(reactor, clientTls, streamDialler, _refusals, records, loggers.CreateLogger<StreamForwarder>());
        var dispatcher = new ConnectionDispatcher(
            reactor,
            _routes,
            certificates,
            _streams,
            streamDialler,
            configuration.InboundProxyProtocol,
            http,
            upstreams,
            _sources,
            _refusals,
            configuration.Limits,
            loggers.CreateLogger<ConnectionDispatcher>());
        return new Acceptor(number, reactor, listener, dispatcher, forwarder, shared, loggers.CreateLogger<Acceptor>());
    }
}
