using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Everyport.Proxy.Http.Guard;

/// <summary>Tells Kestrel the limits that it enforces by itself.</summary>
internal static class KestrelLimits
{
    /// <summary>
    /// A line ends with CR LF and with nothing else (RFC 9112 2.2 leaves that to the recipient): where one party takes a bare LF for the
    /// end of a line and another does not, they see different requests.
    /// </summary>
    private const string StrictLines = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>Kestrel reads them with each connection.</summary>
    public static void Apply(HttpLimits limits, KestrelServerOptions kestrel)
    {
        AppContext.SetSwitch(StrictLines, true);
        kestrel.Limits.MaxRequestLineSize = limits.MaxRequestLine;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = limits.MaxHeaderCount;
        kestrel.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
        kestrel.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = limits.KeepAliveTimeout;
        kestrel.Limits.MinRequestBodyDataRate = Rate(limits.MinBodyRate, limits.RateGrace);
        kestrel.Limits.MinResponseDataRate = Rate(limits.MinResponseRate, limits.RateGrace);
        Apply(limits.Http2, kestrel.Limits.Http2);
    }

    private static void Apply(Http2Settings settings, Http2Limits kestrel)
    {
        kestrel.MaxStreamsPerConnection = settings.MaxStreams;
        kestrel.InitialStreamWindowSize = settings.StreamWindow;
        kestrel.InitialConnectionWindowSize = settings.ConnectionWindow;
        kestrel.MaxRequestHeaderFieldSize = settings.MaxHeaderField;
        kestrel.KeepAlivePingDelay = settings.KeepAlivePing ?? TimeSpan.MaxValue;
        kestrel.KeepAlivePingTimeout = settings.KeepAlivePingTimeout;
    }

    private static MinDataRate? Rate(int? bytesPerSecond, TimeSpan grace) =>
        bytesPerSecond is { } rate ? new MinDataRate(rate, grace) : null;
}
