using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Everyport.Proxy.Connections;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Tls.Upstream;
using Everyport.Proxy.Tracing;
using Yarp.ReverseProxy.Forwarder;

namespace Everyport.Proxy.Http;

/// <summary>
/// Makes the HTTP client of each cluster. It dials as all of the proxy does, encrypts as the cluster's <c>Tls</c> says, and keeps
/// connections for each reactor. Where the destinations are told who the client is by the PROXY protocol, connections cannot be
/// shared: each client has its own.
/// </summary>
internal sealed class HttpClients(HttpConfiguration configuration, HttpDialler dialler, UpstreamTlsClusters tls, bool hasTraces) : IForwarderHttpClientFactory
{
    /// <summary>What a client was made for, beyond what YARP knows.</summary>
    private readonly ConditionalWeakTable<HttpMessageInvoker, Purpose> _purposes = [];

    /// <summary>
    /// A destination whose name leads elsewhere since, or whose certificate has changed, is found within that time; few enough
    /// handshakes not to be noticed.
    /// </summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The clusters whose destinations are told who the client is.</summary>
    public FrozenDictionary<string, ProxyProtocolVersion> ProxyProtocol { get; set; } = configuration.ProxyProtocol;

    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context)
    {
        var purpose = new Purpose(ProxyProtocol.TryGetValue(context.ClusterId, out var wanted) ? wanted : null, tls[context.ClusterId]);
        if (context.OldClient is { } old && context.NewConfig == context.OldConfig && _purposes.TryGetValue(old, out var before) && before == purpose)
            return old;
        var client = new HttpMessageInvoker(purpose.ProxyProtocol is { } version
            ? new PrivateConnectionsHandler(context.ClusterId, client => NewClient(context, Reactor.Current, purpose.Tls, new ProxyHeaderBytes(version, client)))
            : new ReactorClients(reactor => NewClient(context, reactor, purpose.Tls, null)));
        _purposes.Add(client, purpose);
        return client;
    }

    private HttpMessageInvoker NewClient(ForwarderHttpClientContext context, Reactor? reactor, UpstreamTls upstream, ProxyHeaderBytes? header)
    {
        var connector = new HttpConnector(dialler, reactor, upstream, context.NewConfig, header);
        // Nothing is taken over from a client before.
        return new Factory(connector, hasTraces).CreateClient(
            new ForwarderHttpClientContext { ClusterId = context.ClusterId, NewConfig = context.NewConfig, NewMetadata = context.NewMetadata });
    }

    private sealed record Purpose(ProxyProtocolVersion? ProxyProtocol, UpstreamTls Tls);

    /// <summary>Clients as YARP makes them, but for how they connect.</summary>
    private sealed class Factory(HttpConnector connector, bool hasTraces) : ForwarderHttpClientFactory
    {
        protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
        {
            base.ConfigureHandler(context, handler);
            handler.PooledConnectionLifetime = ConnectionLifetime;
            handler.ConnectCallback = connector.ConnectAsync;
            // It would put spans of its own, which nobody gets, between ours and those of the destination.
            handler.ActivityHeadersPropagator = null;
        }

        protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
            new PromptBodies(hasTraces ? new DestinationSpans(context.ClusterId, base.WrapHandler(context, handler)) : base.WrapHandler(context, handler));
    }
}
