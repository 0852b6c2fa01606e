using System.Diagnostics;
using System.Net;
using Everyport.Proxy.Connections;
using Everyport.Proxy.ProxyProtocol;
using Everyport.Proxy.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Everyport.Proxy.Http;

/// <summary>
/// Makes the HTTP client of each cluster. It dials as all of the proxy does. Where the destinations are told who the
/// client is by the PROXY protocol, connections cannot be shared: each client has its own.
/// </summary>
internal sealed class HttpClients(HttpConfiguration configuration, HttpDialler dialler) : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectCallback = async (connect, cancelled) => await dialler.DialAsync(connect.DnsEndPoint.Host, connect.DnsEndPoint.Port, cancelled);
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
    {
        if (!configuration.ProxyProtocol.TryGetValue(context.ClusterId, out var version))
            return base.WrapHandler(context, handler);
        handler.Dispose();
        return base.WrapHandler(context, new PrivateConnectionsHandler(context.ClusterId, client => NewHandler(context, version, client)));
    }

    private SocketsHttpHandler NewHandler(ForwarderHttpClientContext context, ProxyProtocolVersion version, Steered? client)
    {
        // As YARP makes them.
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
            ConnectTimeout = TimeSpan.FromSeconds(15),
        };
        base.ConfigureHandler(context, handler);
        handler.ConnectCallback = async (connect, cancelled) =>
        {
            var stream = await dialler.DialAsync(connect.DnsEndPoint.Host, connect.DnsEndPoint.Port, cancelled);
            try
            {
                await stream.WriteAsync(Header(version, client), cancelled);
                return stream;
            }
            catch
            {
                await stream.DisposeAsync();
                throw;
            }
        };
        return handler;
    }

    private static byte[] Header(ProxyProtocolVersion version, Steered? client)
    {
        Span<byte> header = stackalloc byte[ProxyHeaderWriter.MaxLength];
        var length = client is { } steered ? ProxyHeaderWriter.Write(header, version, steered) : ProxyHeaderWriter.WriteLocal(header, version);
        return header[..length].ToArray();
    }
}
