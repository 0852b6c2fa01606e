using Everyport.Proxy.Connections;
using Everyport.Proxy.Tls.Upstream;
using Yarp.ReverseProxy.Forwarder;

namespace Everyport.Proxy.Http;

/// <summary>
/// Makes the HTTP client of each cluster. It dials as all of the proxy does, and encrypts as the cluster's <c>Tls</c> says.
/// Where the destinations are told who the client is by the PROXY protocol, connections cannot be shared: each client has its own.
/// </summary>
internal sealed class HttpClients(HttpConfiguration configuration, HttpDialler dialler, UpstreamTlsClusters tls) : ForwarderHttpClientFactory
{
    /// <summary>
    /// A destination whose name leads elsewhere since, or whose certificate has changed, is found within that time; few enough
    /// handshakes not to be noticed.
    /// </summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler) => ConfigureHandler(context, handler, null);

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
    {
        if (!configuration.ProxyProtocol.TryGetValue(context.ClusterId, out var version))
            return base.WrapHandler(context, handler);
        handler.Dispose();
        // Nothing is taken over from the client before: that is the one which shares nothing.
        var own = new ForwarderHttpClientContext { ClusterId = context.ClusterId, NewConfig = context.NewConfig, NewMetadata = context.NewMetadata };
        return base.WrapHandler(context, new PrivateConnectionsHandler(
            context.ClusterId, client => new WithHeader(this, new ProxyHeaderBytes(version, client)).CreateClient(own)));
    }

    private void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler, ProxyHeaderBytes? header)
    {
        base.ConfigureHandler(context, handler);
        handler.PooledConnectionLifetime = ConnectionLifetime;
        handler.ConnectCallback = new HttpConnector(dialler, tls[context.ClusterId], context.NewConfig, header).ConnectAsync;
    }

    /// <summary>Makes the HTTP client that belongs to one client: as all others, but for what each connection begins with.</summary>
    private sealed class WithHeader(HttpClients owner, ProxyHeaderBytes header) : ForwarderHttpClientFactory
    {
        protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler) => owner.ConfigureHandler(context, handler, header);
    }
}
