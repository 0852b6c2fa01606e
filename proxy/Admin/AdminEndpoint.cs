using System.Net.Security;
using System.Security.Authentication;
using Everyport.Proxy.Admin.Access;
using Everyport.Proxy.Routing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using IPEndPoint = System.Net.IPEndPoint;

namespace Everyport.Proxy.Admin;

/// <summary>How the admin host listens: few clients, each of whom has little to say.</summary>
internal static class AdminEndpoint
{
    private const int MostConnections = 256, LongestBody = 4096, LongestHeaders = 16 * 1024;
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(5), HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Listens; <paramref name="isOurs"/> tells of a client and what it dialled whether it is the proxy itself.</summary>
    public static void Listen(this KestrelServerOptions kestrel, AdminSettings settings, AdminCertificate? certificate, AdminAccess access, Func<Endpoint, Endpoint, bool> isOurs)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        (limits.MaxConcurrentConnections, limits.MaxRequestBodySize, limits.MaxRequestHeadersTotalSize) = (MostConnections, LongestBody, LongestHeaders);
        limits.RequestHeadersTimeout = HeaderTimeout;
        kestrel.Listen(settings.Listen, options =>
        {
            options.Protocols = HttpProtocols.Http1;
            options.Use(next => connection => IsProxied(connection, isOurs) ? RefuseAsync(connection, access) : next(connection));
            if (certificate is not null)
                options.UseHttps(new TlsHandshakeCallbackOptions { HandshakeTimeout = HandshakeTimeout, OnConnection = _ => ValueTask.FromResult(OptionsFor(certificate)) });
        });
    }

    /// <summary>A route may lead here, by an address with <c>{port}</c> for one; then whoever dials a steered port would.</summary>
    private static bool IsProxied(ConnectionContext connection, Func<Endpoint, Endpoint, bool> isOurs) =>
        connection is { RemoteEndPoint: IPEndPoint client, LocalEndPoint: IPEndPoint local } && isOurs(Endpoint.From(client), Endpoint.From(local));

    private static Task RefuseAsync(ConnectionContext connection, AdminAccess access)
    {
        access.Count(AdminRefusal.Proxied, connection.RemoteEndPoint);
        connection.Abort();
        return Task.CompletedTask;
    }

    private static SslServerAuthenticationOptions OptionsFor(AdminCertificate certificate) => new()
    {
        ServerCertificateContext = certificate.Current.Context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
    };
}
