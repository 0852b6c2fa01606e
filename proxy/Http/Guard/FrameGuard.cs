using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Everyport.Proxy.Http.Guard;

/// <summary>
/// Ends HTTP/2 connections that flood the proxy with frames. Kestrel by itself bounds streams, headers and memory, not how often it
/// is kept busy. Connections of other protocols pass untouched.
/// </summary>
internal static class FrameGuard
{
    /// <summary>Goes behind TLS, where there is any. A connection keeps to the limits that there are when it begins.</summary>
    public static void UseFrameGuard(this ListenOptions options, Func<FrameLimits> limits)
    {
        var hits = options.ApplicationServices.GetRequiredService<HttpLimitHits>();
        options.Use(next => connection => IsHttp2(connection) ? ServeAsync(connection, next, limits(), hits) : next(connection));
    }

    /// <summary>Without TLS, only who has sent the preface comes to an endpoint with this guard.</summary>
    private static bool IsHttp2(ConnectionContext connection) =>
        connection.Features.Get<ISslStreamFeature>() is not { } tls || tls.SslStream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;

    private static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next, FrameLimits limits, HttpLimitHits hits)
    {
        var transport = connection.Transport;
        var input = new CountedInput(transport.Input, new FrameCounter(limits, TimeProvider.System), limit => End(connection, limit, hits));
        connection.Transport = new CountedTransport(input, transport.Output);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    /// <summary>At once and without a word: who floods does not read.</summary>
    private static void End(ConnectionContext connection, HttpLimit limit, HttpLimitHits hits)
    {
        hits.Add(limit, connection.RemoteEndPoint, connection.LocalEndPoint);
        connection.Abort(new ConnectionAbortedException(HttpLimitExplanation.Of(limit)));
    }
}
