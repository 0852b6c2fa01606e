using Everyport.Proxy.Connections;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Everyport.Proxy.Http;

/// <summary>
/// Makes the HTTP client of each cluster. It dials as all of the proxy does, and keeps connections for each reactor.
/// Where the destinations are told who the client is by the PROXY protocol, connections cannot be shared: each client
/// has its own.
/// </summary>
internal sealed class HttpClients(HttpConfiguration configuration, HttpDialler dialler) : IForwarderHttpClientFactory
{
    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context)
    {
        if (context.OldClient is { } old && context.NewConfig == context.OldConfig)
            return old;
        return new HttpMessageInvoker(configuration.ProxyProtocol.TryGetValue(context.ClusterId, out var version)
            ? new PrivateConnectionsHandler(context.ClusterId, client => NewClient(context, version, client))
            : new ReactorClients(reactor => NewClient(context, reactor)));
    }

    private HttpMessageInvoker NewClient(ForwarderHttpClientContext context, Reactor? reactor) =>
        new SocketClients((host, port, cancelled) => dialler.DialAsync(host, port, reactor, cancelled)).CreateClient(Anew(context));

    private HttpMessageInvoker NewClient(ForwarderHttpClientContext context, ProxyProtocolVersion version, Steered? client)
    {
        var header = Header(version, client);
        return new SocketClients(async (host, port, cancelled) =>
        {
            var stream = await dialler.DialAsync(host, port, null, cancelled);
            try
            {
                await stream.WriteAsync(header, cancelled);
                return stream;
            }
            catch
            {
                await stream.DisposeAsync();
                throw;
            }
        }).CreateClient(Anew(context));
    }

    private static byte[] Header(ProxyProtocolVersion version, Steered? client)
    {
        Span<byte> header = stackalloc byte[ProxyHeaderWriter.MaxLength];
        var length = client is { } steered ? ProxyHeaderWriter.Write(header, version, steered) : ProxyHeaderWriter.WriteLocal(header, version);
        return header[..length].ToArray();
    }

    private static ForwarderHttpClientContext Anew(ForwarderHttpClientContext context) =>
        new() { ClusterId = context.ClusterId, NewConfig = context.NewConfig, NewMetadata = context.NewMetadata };

    /// <summary>Clients as YARP makes them, but for how they connect.</summary>
    private sealed class SocketClients(Func<string, int, CancellationToken, Task<Stream>> dial) : ForwarderHttpClientFactory
    {
        protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
        {
            base.ConfigureHandler(context, handler);
            handler.ConnectCallback = async (connect, cancelled) => await dial(connect.DnsEndPoint.Host, connect.DnsEndPoint.Port, cancelled);
        }
    }
}
