using System.Diagnostics;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Everyport.Proxy.Tls;

/// <summary>TLS on an endpoint of Kestrel. What comes there brings its certificate along (<see cref="TlsConnection"/>).</summary>
internal static class TlsEndpoint
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
    private static readonly string[] ProtocolNames = [.. Protocols.Select(protocol => protocol.ToString())];

    public static void UseTls(this ListenOptions options, TimeSpan handshakeTimeout, HandshakeFailures failures)
    {
        options.Use(next => connection => WatchAsync(connection, next, handshakeTimeout, failures));
        options.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = handshakeTimeout,
            OnConnection = handshake => ValueTask.FromResult(ServerTls.OptionsFor(Of(handshake.Connection), Protocols)),
        });
        options.Use(next => connection =>
        {
            Of(connection).IsSecure = true;
            return next(connection);
        });
    }

    private static TlsConnection Of(BaseConnectionContext connection) => connection.Features.Get<TlsConnection>()!;

    /// <summary>Kestrel keeps to itself how a handshake fails; that it has is seen from both sides of it.</summary>
    private static async Task WatchAsync(ConnectionContext connection, ConnectionDelegate next, TimeSpan timeout, HandshakeFailures failures)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(connection);
        }
        finally
        {
            if (Of(connection) is { IsSecure: false } failed)
                failures.Add(failed, Stopwatch.GetElapsedTime(started) >= timeout, ProtocolNames, connection.RemoteEndPoint);
        }
    }
}
