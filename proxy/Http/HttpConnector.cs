using System.Security.Authentication;
using Everyport.Proxy.Connections;
using Everyport.Proxy.Reactors;
using Everyport.Proxy.Tls.Upstream;
using Yarp.ReverseProxy.Configuration;

namespace Everyport.Proxy.Http;

/// <summary>
/// Opens the connections of one HTTP client: dials, tells the client by the PROXY protocol where that is wanted, and encrypts.
/// The HTTP client of .NET would encrypt by itself, but only ever for the name in the Host header.
/// </summary>
internal sealed class HttpConnector(HttpDialler dialler, Reactor? reactor, UpstreamTls tls, HttpClientConfig? config, ProxyHeaderBytes? header)
{
    private readonly OfferedVersions _versions = new();

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancelled)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var stream = await dialler.DialAsync(host, port, reactor, cancelled);
        try
        {
            if (header is not null)
                await stream.WriteAsync(header.ToArray(), cancelled);
            return Encrypts(context.InitialRequestMessage) ? await EncryptAsync(stream, context, cancelled) : stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>What leads through another proxy is encrypted behind that one, which the HTTP client of .NET does.</summary>
    private bool Encrypts(HttpRequestMessage request) => config?.WebProxy?.Address is null && request.RequestUri!.Scheme == Uri.UriSchemeHttps;

    private async Task<Stream> EncryptAsync(Stream stream, SocketsHttpConnectionContext context, CancellationToken cancelled)
    {
        var destination = context.DnsEndPoint;
        var offered = _versions.For(destination, context.InitialRequestMessage);
        var handshake = new UpstreamHandshake(destination.Host, destination.Port, HostOf(context.InitialRequestMessage))
        {
            Protocols = offered,
            Versions = config?.SslProtocols ?? SslProtocols.None,
            AcceptsAny = config?.DangerousAcceptAnyServerCertificate ?? false,
        };
        var encrypted = await tls.ConnectAsync(stream, handshake, cancelled);
        _versions.Chosen(destination, offered, encrypted.NegotiatedApplicationProtocol);
        return encrypted;
    }

    /// <summary>The name in the Host header that the destination gets; null where there is none of its own.</summary>
    private static string? HostOf(HttpRequestMessage request) =>
        Uri.TryCreate($"https://{request.Headers.Host}", UriKind.Absolute, out var uri) ? uri.IdnHost : null;
}
