using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Everyport.Proxy.Tls;

/// <summary>TLS on an endpoint of Kestrel. What comes there brings its certificate along (<see cref="TlsConnection"/>).</summary>
internal static class TlsEndpoint
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11, new("http/1.0")];
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);
    private static readonly string[] ProtocolNames = [.. Protocols.Select(protocol => protocol.ToString())];

    public static void UseTls(this ListenOptions options, TimeSpan handshakeTimeout, HandshakeFailures failures)
    {
        options.Use(next => connection => WatchAsync(connection, next, failures));
        options.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = handshakeTimeout,
            OnConnection = handshake =>
            {
                var connection = Of(handshake.Connection);
                connection.TimeIsOver = handshake.CancellationToken;
                return ValueTask.FromResult(ServerTls.OptionsFor(connection, Protocols));
            },
        });
        options.Use(next => connection => ServeAsync(connection, next));
    }

    private static TlsConnection Of(BaseConnectionContext connection) => connection.Features.Get<TlsConnection>()!;

    /// <summary>
    /// Tells the client that the connection ends in order (RFC 8446, section 6.1), which Kestrel does not. Without that an answer that ends
    /// with the connection looks cut off. One that is cut off indeed has had its connection reset.
    /// </summary>
    private static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Of(connection).IsSecure = true;
        HandshakeMetrics.Count(Of(connection), connection.Features.Get<ISslStreamFeature>()!.SslStream.SslProtocol);
        await next(connection);
        try
        {
            await connection.Features.Get<ISslStreamFeature>()!.SslStream.ShutdownAsync().WaitAsync(EndPatience);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or TimeoutException)
        {
            // The client has gone before, or takes nothing any more.
        }
    }

    /// <summary>Kestrel keeps to itself how a handshake fails; that it has is seen from both sides of it.</summary>
    private static async Task WatchAsync(ConnectionContext connection, ConnectionDelegate next, HandshakeFailures failures)
    {
        try
        {
            await next(connection);
        }
        catch (NotSupportedException)
        {
            // Kestrel takes leave by TLS of a client that went while something was being sent to it, which TLS refuses.
            connection.Abort();
        }
        finally
        {
            if (Of(connection) is { IsSecure: false } failed)
                failures.Add(failed, failed.TimeIsOver.IsCancellationRequested, ProtocolNames, connection.RemoteEndPoint);
        }
    }
}
