namespace Everyport.Proxy.Http.Guard;

/// <summary>What an HTTP client ran into. The names reach logs and metrics unchanged.</summary>
internal enum HttpLimit
{
    /// <summary>The request or the frame is not as the standards have it, or can be read in two ways.</summary>
    Syntax,

    /// <summary>The request line is longer than <c>MaxRequestLine</c>.</summary>
    RequestLine,

    /// <summary>The headers are longer than <c>MaxHeaderBytes</c>.</summary>
    HeaderBytes,

    /// <summary>There are more headers than <c>MaxHeaderCount</c>.</summary>
    HeaderCount,

    /// <summary>The headers took longer than <c>HeaderTimeout</c>.</summary>
    HeaderTimeout,

    /// <summary>The body came more slowly than <c>MinBodyRate</c>.</summary>
    BodyRate,

    /// <summary>The answer was taken more slowly than <c>MinResponseRate</c>.</summary>
    ResponseRate,

    /// <summary>The connection was without a request for <c>KeepAliveTimeout</c>, or did not answer a ping.</summary>
    KeepAlive,

    /// <summary>The connection had as many requests as <c>MaxRequestsPerConnection</c> allows.</summary>
    Requests,

    /// <summary>HTTP/2: requests were taken back, and new ones made, faster than they could be ended.</summary>
    Streams,

    /// <summary>HTTP/2: more RST_STREAM than <c>MaxResetsPerSecond</c>.</summary>
    Resets,

    /// <summary>HTTP/2: more PING than <c>MaxPingsPerSecond</c>.</summary>
    Pings,

    /// <summary>HTTP/2: more SETTINGS than <c>MaxSettingsPerSecond</c>.</summary>
    Settings,

    /// <summary>HTTP/2: more frames that do nothing than <c>MaxEmptyFramesPerSecond</c>.</summary>
    EmptyFrames,

    /// <summary>HTTP/2: more CONTINUATION than <c>MaxContinuations</c>.</summary>
    Continuations,

    /// <summary>HTTP/2: more answers to the client's frames waited for it to read them than are kept.</summary>
    UnreadFrames,
}
