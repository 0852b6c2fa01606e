using System.Net.Sockets;
using Everyport.Proxy.Admission;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Http.Transport;
using Everyport.Proxy.Live;
using Everyport.Proxy.Logs;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Reload;
using Everyport.Proxy.Streams;
using Everyport.Proxy.Tls;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Hosting;

/// <summary>Puts together what serves TCP connections, once for each reactor, around what they share.</summary>
internal sealed class Connections(
    ConnectionRules first,
    TlsSettings tls,
    UpstreamRegistry upstreams,
    HttpHandOver http,
    SpareDescriptor spare,
    Records records,
    LiveRegister live,
    ILoggerFactory loggers)
{
    private readonly Refusals _refusals = new(TimeProvider.System, loggers.CreateLogger<Refusals>());

    private IReadOnlyList<Acceptor> _acceptors = [];

    private readonly HandshakeFailures _handshakeFailures = new(TimeProvider.System, loggers.CreateLogger<HandshakeFailures>());

    /// <summary>What decides about new connections.</summary>
    public InForce<ConnectionRules> Rules { get; } = new(first);

    public Refusals Refusals => _refusals;

    /// <summary>How many were accepted so far.</summary>
    public long Accepted => _acceptors.Sum(acceptor => acceptor.Accepted);

    /// <summary>An acceptor for each reactor.</summary>
    public IReadOnlyList<Acceptor> Accept(Socket listener, IReadOnlyList<ReactorMember<DestinationDialler>> reactors)
    {
        var shared = new AcceptorsShare(() => Rules.Current.Total, new ConnectionBalance(reactors.Count), _refusals, spare);
        shared.Acceptors = [.. reactors.Select((member, number) => NewAcceptor(number, member.Reactor, member.Worker, listener, shared))];
        return _acceptors = shared.Acceptors;
    }

    private Acceptor NewAcceptor(int number, Reactor reactor, DestinationDialler dialler, Socket listener, AcceptorsShare shared)
    {
        var streamDialler = new StreamDialler(reactor, dialler);
        var clientTls = new ClientTls(reactor, tls.HandshakeTimeout, _handshakeFailures);
        var shelf = live.NewShelf();
        var forwarder = new StreamForwarder(reactor, clientTls, streamDialler, _refusals, records, shelf, loggers.CreateLogger<StreamForwarder>());
        var dispatcher = new ConnectionDispatcher(reactor, Rules, streamDialler, http, shelf, upstreams, _refusals);
        return new Acceptor(number, reactor, listener, dispatcher, forwarder, shared, loggers.CreateLogger<Acceptor>());
    }
}
