using Everyport.Proxy.Http.Guard;
using Everyport.Proxy.Reload;
using Everyport.Proxy.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Everyport.Proxy.Http.Transport;

/// <summary>The virtual endpoints that Kestrel listens on, one for each protocol that the first bytes may tell.</summary>
internal static class KestrelEndpoints
{
    public static void Listen(KestrelServerOptions kestrel, InForce<HttpLimits> limits, TlsSettings tls, ILoggerFactory loggers)
    {
        kestrel.AddServerHeader = false;
        // The host of a target in absolute form counts, whatever the header says (RFC 9112 3.2.2).
        kestrel.AllowHostHeaderOverride = true;
        KestrelLimits.Apply(limits.Current, kestrel);

        kestrel.Listen(VirtualEndPoint.Http1, options => options.Protocols = HttpProtocols.Http1);
        kestrel.Listen(VirtualEndPoint.Http2, options =>
        {
            options.Protocols = HttpProtocols.Http2;
            options.UseFrameGuard(() => limits.Current.Http2.Frames);
        });
        kestrel.Listen(VirtualEndPoint.Tls, options =>
        {
            options.Protocols = HttpProtocols.Http1AndHttp2;
            options.UseTls(tls.HandshakeTimeout, new HandshakeFailures(TimeProvider.System, loggers.CreateLogger<HandshakeFailures>()));
            options.UseFrameGuard(() => limits.Current.Http2.Frames);
        });
    }
}
